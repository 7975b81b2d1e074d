#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples in the documents run, and the documents agree with the program.

    documents.py LUNETTES ROOT

Runs the examples of the manual (lines that begin with `$ ` in EXAMPLES): each must succeed, print something and have
an empty stderr. Runs the sessions of README.md (`$ lunettes ...` in code blocks): every line below must be in
the output, except `...`. The manual names every code of a refusal, every counter, verdict, reason, stage, dimension,
metric and key of a configuration that the sources hold, and every key that a document of the program has.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
ROFF = (("\\(dq", '"'), ("\\(aq", "'"), ("\\e", "\\"), ("\\&", ""), ("\\-", "-"))


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def plain(text):
    for escape, char in ROFF:
        text = text.replace(escape, char)
    return text


def manual_examples(text):
    lines = text.partition(".Sh EXAMPLES\n")[2].split("\n.Sh ")[0].splitlines()
    for number, line in enumerate(lines):
        command = line.removeprefix(".Dl ")
        if not command.startswith("$ "):
            continue
        following = lines[number + 1:]
        while following and following[0].startswith("  "):
            command += "\n" + following.pop(0)
        yield plain(command[2:])


def sessions(text):
    """(command, lines of its output) of the code blocks."""
    for block in re.findall(r"^```[a-z]*\n(\$ lunettes .*?)^```", text, re.M | re.S):
        for one in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *output = one.splitlines()
            yield command, output


def prepare(work, root, program):
    """lunettes on the path; audit.log, logs/, logs/blue and logs/green are logs of the test cluster."""
    logs = os.path.join(work, "logs")
    os.makedirs(os.path.join(work, "bin"))
    os.mkdir(logs)
    os.symlink(program, os.path.join(work, "bin", "lunettes"))
    os.symlink(os.path.join(root, "testdata"), os.path.join(work, "testdata"))
    for name, source in (("blue", "audit"), ("green", "audit")):
        os.symlink(os.path.join(root, "testdata", source), os.path.join(logs, name))
    os.symlink(os.path.join(root, "testdata", "audit", "audit.log.zst"), os.path.join(work, "audit.log"))
    path = os.path.join(work, "bin") + os.pathsep + os.environ["PATH"]
    env = {k: v for k, v in os.environ.items() if k in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    return {**env, "PATH": path, "LC_ALL": "C.UTF-8", "HOME": work, "TMPDIR": work}


def run(command, work, env):
    return subprocess.run(["sh", "-c", command], cwd=work, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)


def check_examples(root, work, env):
    for page in sorted(name for name in os.listdir(os.path.join(root, "man")) if re.search(r"\.[1-9]$", name)):
        for command in manual_examples(read(root, "man", page)):
            done = run(command, work, env)
            if done.returncode != 0 or not done.stdout:
                yield f"{page}: this example fails, or prints nothing: {command}\n{done.stderr}"
            elif done.stderr and "no path was given" not in done.stderr:
                yield f"{page}: this example complains: {command}\n{done.stderr}"


def check_sessions(root, work, env):
    found = list(sessions(read(root, "README.md")))
    for command, output in found:
        done = run(command, work, env)
        said = {line.rstrip() for line in (done.stdout + done.stderr).splitlines()}
        for line in output:
            if line.strip() and line.strip() != "..." and line.rstrip() not in said:
                yield f"README.md: '{command}' does not print: {line}"
    if not found:
        yield "README.md: no session was found"


# Documents, and the page that explains their keys beside lunettes-json(5).
DOCUMENTS = (
    ("slo -o jsonl", "lunettes-json.5"), ("slo --slo delete -o jsonl", "lunettes-json.5"),
    ("slo --slo upgrade -o jsonl", "lunettes-json.5"), ("slo --slo pvc -o jsonl", "lunettes-json.5"),
    ("slo --objective 'delivery<=30s:99.5%' --config testdata/config/settings.yaml -o json", "lunettes-json.5"),
    ("slo --slo delete -o json", "lunettes-json.5"), ("slo --slo upgrade -o json", "lunettes-json.5"),
    ("slo --slo pvc -o json", "lunettes-json.5"), ("inspect -o json", "lunettes-inspect.1"),
    ("pods -o json", "lunettes-pods.1"), ("pods -o jsonl", "lunettes-pods.1"),
    ("pods --at 10:13 -o json", "lunettes-pods.1"), ("pods --at 10:13 -o jsonl", "lunettes-pods.1"),
    ("timeline 'pod/*/*' --limit 1000 -o json", "lunettes-timeline.1"),
    ("diff --at 10:13 --by node -o json", "lunettes-diff.1"),
    ("diagnose -o json", "lunettes-diagnose.1"), ("diagnose -o jsonl", "lunettes-diagnose.1"),
    ("diagnose 'pod/broken/*' -o json", "lunettes-diagnose.1"),
)


def items(page, macro="Cm"):
    """The words that a page marks as such."""
    lines = (line for line in page.splitlines() if line.startswith(".") and f"{macro} " in line)
    return set(re.findall(r"[\w-]+", " ".join(line.split(f"{macro} ", 1)[1] for line in lines)))


def keys_of(value):
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from keys_of(below)
    elif isinstance(value, list):
        for below in value:
            yield from keys_of(below)


def check_keys(root, work, env):
    known = items(read(root, "man", "lunettes-json.5")) | items(read(root, "man", "lunettes-stages.7"))
    known |= items(read(root, "man", "lunettes-slo.1"), "Ql")
    for command, page in DOCUMENTS:
        done = run(f"lunettes {command} logs/blue", work, env)
        if done.returncode != 0 or not done.stdout:
            yield f"lunettes {command} fails:\n{done.stderr}"
            continue
        keys = {key for line in done.stdout.splitlines() for key in keys_of(json.loads(line))}
        own = read(root, "man", page)
        for key in sorted(keys - known - items(own) - items(own, "Ql")):
            if " " not in key:  # those are reasons
                yield f"{page} does not name the key {key} of lunettes {command}: add an item; a key is never taken away again"


def table(root, path, begin):
    """The texts in quotation marks in a table of the sources."""
    text = read(root, "src", path)
    return re.findall(r'"([^"]*)"', text[text.index(begin):].split("};")[0])


def check_words(root):
    stages, slo = read(root, "man", "lunettes-stages.7"), read(root, "man", "lunettes-slo.1")
    milestones, timeline = read(root, "src", "timeline", "milestones.c"), read(root, "man", "lunettes-timeline.1")
    slos = read(root, "src", "slo", "slos.h")
    pairs = [f"slo_{metric}_{what}" for metric in re.findall(r'^\tX\(.*\n\t  "(\w+)"', slos, re.M) for what in ("results_total", "latency_seconds")]
    quoted = "\n".join(line for line in (stages + slo).splitlines() if "Ql " in line)
    lists = (
        ("stages", "lunettes-stages.7", table(root, "timeline/stage.c", "lifecycle_rows[")[0::2], items(stages)),
        ("milestones of pods", "lunettes-timeline.1", re.findall(r'^\t\[MILESTONE_\w+\] = { "(\w+)", (?!\{ \[)', milestones, re.M), items(timeline)),
        ("verdicts", "lunettes-stages.7", table(root, "slo/delivery.c", "struct str verdict_name"), items(stages)),
        ("dimensions", "lunettes-slo.1", table(root, "slo/dimension.c", "dimension_rows[")[0::3], items(slo)),
        ("metrics", "lunettes-slo.1", re.findall(r'{ "((?:slo|lunettes)_\w+)"', read(root, "src", "documents", "slo_metrics.c")), items(slo)),
        ("metrics of SLOs", "lunettes-slo.1", pairs, items(slo)),
        ("reasons", "lunettes-stages.7 (quoted, .Ql)", [w for w in table(root, "slo/delivery.c", "struct str exclusion_name") if w], quoted),
        ("reasons", "lunettes-slo.1 (quoted, .Ql)", [w for w in table(root, "slo/delivery.c", "struct str startup_reason_name") if w], quoted),
    )
    for what, page, words, known in lists:
        if len(words) < 5:
            yield f"documents.py no longer finds the {what}"
        for word in words:
            if word not in known:
                yield f"{page} does not explain {word}, one of the {what}: add an item"


def check_lists(root):
    codes = re.findall(r'"(\w+)", *"(?:user|platform|)" \}', re.sub(r"\s+", " ", read(root, "src", "kube", "refusal.c")))
    counters = re.findall(r"X\((\w+), ", read(root, "src", "kube", "ingest.h"))
    if len(codes) < 10 or len(counters) < 10:
        yield "documents.py no longer understands refusal.c or ingest.h"
    refusal = "a code of kube/refusal.c; its rule is in diagnose/rules/admission.yaml, its case in tests/codes/cases_admission.py"
    counter = "a counter of kube/ingest.h; if tables shall show it, a row in add_unused of page/basis_text.c"
    for name, words, what in (("lunettes-stages.7", codes, refusal), ("lunettes-json.5", counters, counter)):
        page = read(root, "man", name)
        for word in words:
            if not re.search(rf"\b{word}\b", page):
                yield f"{name} does not name {word}, {what}"
    page = read(root, "man", "lunettes-codes.7")
    for word in codes:
        if not re.search(rf"^\.It Cm {word} ", page, re.M):
            yield f"no rule explains {word} of kube/refusal.c: add it to src/diagnose/rules/admission.yaml"
    page = read(root, "man", "lunettes-inspect.1")
    findings = re.findall(r'\{ "(\w+)",', read(root, "src", "slo", "findings.c"))
    coverage = re.findall(r"X\((\w+), ", read(root, "src", "timeline", "coverage.h"))
    if len(findings) < 10 or len(coverage) < 10:
        yield "documents.py no longer understands findings.c or coverage.h"
    named = " ".join(re.findall(r"^\.It Cm (.*)", page, re.M)).replace(",", " ").split()
    for word in findings + coverage:
        if word not in named:
            yield f"lunettes-inspect.1 has no item {word}: say what it means"
    page = read(root, "man", "lunettes-config.5")
    sources = "".join(read(root, "src", "slo", name) for name in ("settings_keys.c", "objective.c", "openslo.c"))
    keys = re.findall(r'\{ "(\w+)", CONFIG_|(?:OWN|THEIRS)\("(\w+)"', sources)
    keys += [(name, "") for name in re.findall(r'^\tX\(\w+, "(\w+)"', read(root, "src", "slo", "slos.h"), re.M) if name != "create"]  # limits
    if len(keys) < 50:
        yield "documents.py no longer understands the tables of the configuration's keys"
    for word in {own or theirs for own, theirs in keys}:
        if not re.search(rf"^\.(?:It )?Cm .*\b{word}\b", page, re.M):
            yield f"lunettes-config.5 does not name the key {word}: add an item, and a row in tests/unit/slo/test_settings.c"
    yield from check_rules(root)


def check_rules(root):
    page, source = read(root, "man", "lunettes-rules.5"), read(root, "src", "diagnose", "read.c")
    keys = re.findall(r'^\t(?:KIND\(|READ\(|FLAG\(|KEY\(\w+, )"(\w+)"|^\t(?:TEXT|PART)\((\w+)[,)]', source, re.M)
    keys = [quoted or bare for quoted, bare in keys]
    ties = re.findall(r'"(\w+)",', source[source.index("changed_words[]"):].split("NULL")[0])
    tests = re.findall(r"^\tX\((\w+), ", read(root, "src", "diagnose", "ruleset.h"), re.M)
    if len(keys) < 38 or len(ties) < 9 or len(tests) < 3:
        yield "documents.py no longer understands read.c or ruleset.h of diagnose"
    for word in keys + ties + tests:
        if not re.search(rf"^\.(?:It )?Cm .*\b{word}\b", page, re.M):
            yield f"lunettes-rules.5 does not name {word}"
    traits = re.findall(r'\{ "(\w+)",', read(root, "src", "diagnose", "traits.c"))
    if len(traits) != 8:
        yield "documents.py no longer finds the traits"
    page = read(root, "man", "lunettes-diagnose.1")
    for word in traits:
        if not re.search(rf"\b{word}\b", page):
            yield f"lunettes-diagnose.1 does not name the trait {word}"


def check_spans(root):
    page, trace = read(root, "man", "lunettes-spans.5"), read(root, "man", "lunettes-trace.1")
    source = {name: read(root, "src", "spans", name) for name in ("keys.c", "matchers.c", "extract.c", "script.c", "trace.c")}
    keys = re.findall(r'KEY\(\w+,\s*"(\w+)"|TEXT\(\w+,\s*"(\w+)"', source["keys.c"] + source["matchers.c"])
    keys = [key or text for key, text in keys]  # but those of ObjectRef that have no effect
    keys = [key for key in keys if not re.search(rf'"{key}", CONFIG_NODE, ignored', source["keys.c"])]
    scripts = re.findall(r'\[SCRIPT_\w+\] = \{ "(\w+)"', source["script.c"])
    known = re.findall(r'^\t"([\w:-]+)",$', source["matchers.c"], re.M)
    given = re.findall(r'put_operation\(\w+, STR\("([\w:]+)"\)', source["extract.c"])
    given += re.findall(r'\? STR\("(pod:\w+:\w+)"\)|: STR\("(pod:\w+:\w+)"\)', source["extract.c"])
    given = {word for words in given for word in ([words] if isinstance(words, str) else words) if word}
    files = [name for name in os.listdir(os.path.join(root, "src", "trace")) if name.endswith(".c")]
    attributes = set(re.findall(r'"(lunettes\.[a-z_.]+)"', source["trace.c"] + "".join(read(root, "src", "trace", f) for f in files)))
    if len(keys) < 30 or len(scripts) < 10 or len(known) < 20 or len(given) < 5 or len(attributes) < 50:
        yield "documents.py no longer understands the tables of src/spans or the attributes of src/trace"
    for word in keys + scripts:
        if not re.search(rf"^\.(?:It )?Cm .*\b{word}\b", page, re.M):
            yield f"lunettes-spans.5 does not name {word}: add an item"
    for word in sorted(given - set(known)):
        yield f"src/spans/extract.c gives the operation {word}, but `operations` of matchers.c does not know it"
    for word in known:
        like = re.escape(word) + "|" + re.escape(word.split(":")[0]) + ":[A-Z]+:"
        if not re.search(rf"^\.It Cm (?:.* )?(?:{like})", page, re.M):
            yield f"lunettes-spans.5 does not name the operation {word}; tests/truth/spans.py computes it a second time"
    for word in sorted(attributes):
        if word not in trace + page:
            yield f"lunettes-trace.1 does not name the attribute {word}: add an item"


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if not shutil.which("jq") or not shutil.which("zstd"):
        print("documents: jq or zstd is not installed")
        return SKIPPED
    program, root = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        env = prepare(work, root, program)
        complaints = [*check_examples(root, work, env), *check_sessions(root, work, env), *check_lists(root),
                      *check_words(root), *check_keys(root, work, env), *check_spans(root)]
    for complaint in complaints:
        print(complaint)
    print(f"documents: {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
