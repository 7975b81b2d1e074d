#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file as a header of C: embed.py NAME INPUT OUTPUT. As numbers, because C guarantees only strings up to 4095 bytes."""
import sys

name, source, target = sys.argv[1:]
with open(source, encoding="ascii") as file:
    data = file.read()
with open(target, "w", encoding="ascii") as file:
    file.write("/* Generated from %s */\n" % source.rsplit("/", 1)[-1])
    file.write("static const char %s[] = {\n" % name)
    for at in range(0, len(data), 20):
        file.write("\t%s,\n" % ", ".join(str(ord(c)) for c in data[at:at + 20]))
    file.write("};\n")
