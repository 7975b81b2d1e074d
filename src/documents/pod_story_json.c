/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/pod_story_json.h"

#include "documents/parts.h"
#include "documents/pod_json.h"
#include "timeline/sight.h"

static void put_evidence(struct json_writer *w, const struct story *s, const struct entry *e)
{
	if (!put_object_if(w, "evidence", e))
		return;
	put_record(w, s->basis, e->position, e->audit_id);
	json_end_object(w);
}

/* Milestones */

static void put_mark(struct json_writer *w, const struct story *s, const char *name,
		     const struct mark *m)
{
	if (!m->reached)
		return;
	put_object(w, name);
	put_time(w, "at", m->at);
	put_time(w, "before", nsec_known(m->at) ? NSEC_NONE : m->until);
	put_str(w, "precision", precision_name(m->precision));
	put_str(w, "source", edge_source_name(m->source));
	put_evidence(w, s, m->evidence);
	json_end_object(w);
}

static void put_milestones(struct json_writer *w, const struct story *s)
{
	put_object(w, "milestones");
	for (int i = 0; i < MILESTONE_COUNT; i++)
		put_mark(w, s, milestone_rows[i].name, &s->t->marks[i]);
	json_end_object(w);
}

/* Stages */

static void put_stage(struct json_writer *w, const struct stage *s, bool critical)
{
	json_begin_object(w);
	pod_json_stage(w, s);
	put_bool(w, "open", s->open);
	put_bool(w, "critical", critical);
	json_end_object(w);
}

static void put_stages(struct json_writer *w, const struct story *s, const struct stage *stages,
		       size_t n)
{
	const struct story_part *part = NULL;

	for (size_t i = 0; i < s->n_parts; i++)
		if (s->parts[i].stages == stages)
			part = &s->parts[i];
	put_array(w, "stages");
	for (size_t i = 0; i < n; i++)
		put_stage(w, &stages[i], part && part->critical[i]);
	json_end_array(w);
}

/* Containers, deletion, upgrades */

static void put_container(struct json_writer *w, const struct container_life *c)
{
	static const char *const kinds[] = { "app", "init", "sidecar", "ephemeral" };

	json_begin_object(w);
	put_str(w, "name", c->name);
	put_maybe(w, "kind", c->spec ? str_from(kinds[c->spec->kind]) : (struct str){ 0 });
	put_maybe(w, "image", c->spec ? c->spec->image : (struct str){ 0 });
	put_u64(w, "restarts", c->restarts);
	put_time(w, "started", c->started.at);
	put_time(w, "ended", c->ended.at);
	put_known(w, "exitCode", c->ended.reached, c->exit_code);
	put_maybe(w, "reason", c->reason);
	put_maybe(w, "message", c->message);
	put_maybe(w, "waiting", c->waiting);
	json_end_object(w);
}

static void put_deletion(struct json_writer *w, const struct story *s)
{
	const struct deletion *d = s->t->deletion;

	if (!put_object_if(w, "deletion", d))
		return;
	put_time(w, "requested", d->requested.at);
	put_time(w, "killing", d->killing.at);
	put_time(w, "stopped", d->stopped.at);
	put_time(w, "released", d->released.at);
	put_time(w, "gone", d->gone.at);
	pod_json_deletion(w, d);
	put_stages(w, s, d->stages, d->n_stages);
	json_end_object(w);
}

static void put_upgrade(struct json_writer *w, const struct story *s, const struct upgrade *u)
{
	json_begin_object(w);
	put_time(w, "requested", u->begin.at);
	put_time(w, "ready", u->ready.at);
	pod_json_upgrade(w, u);
	put_stages(w, s, u->stages, u->n_stages);
	put_evidence(w, s, u->trigger);
	json_end_object(w);
}

/* Facts */

static void put_row(struct json_writer *w, const struct story *s, const struct life_row *row)
{
	nsec created = s->t->marks[MILESTONE_CREATED].at;

	json_begin_object(w);
	put_time(w, "time", row->at);
	put_str(w, "precision", precision_name(row->precision));
	put_seconds(w, "sinceSeconds", nsec_known(created) ? row->at - created : NSEC_NONE);
	put_str(w, "who", row->who);
	put_maybe(w, "actor", row->entry->actor);
	put_str(w, "operation", row->operation);
	put_bool(w, "error", row->error);
	put_str(w, "lifecycleStage", row->stage);
	put_str(w, "reason", row->reason);
	put_str(w, "message", row->message);
	put_u64(w, "times", row->times);
	put_time(w, "last", row->last);
	put_evidence(w, s, row->entry);
	json_end_object(w);
}

void story_json(struct buf *out, const struct story *s, struct table_style style)
{
	struct json_writer w = json_writer_of(out);
	const struct timeline *t = s->t;

	put_head(&w, "PodTimeline");
	pod_json_identity(&w, t);
	pod_json_verdict(&w, t, s->d);
	put_maybe(&w, "class", s->d->class_name);
	pod_json_seconds(&w, s->d);
	put_milestones(&w, s);
	put_stages(&w, s, t->stages, t->n_stages);
	put_array(&w, "containers");
	for (size_t i = 0; i < t->n_containers; i++)
		put_container(&w, &t->containers[i]);
	json_end_array(&w);
	put_deletion(&w, s);
	put_array(&w, "upgrades");
	for (size_t i = 0; i < t->n_upgrades; i++)
		put_upgrade(&w, s, &t->upgrades[i]);
	json_end_array(&w);
	put_array(&w, "facts");
	for (size_t i = 0; i < s->n_rows; i++)
		put_row(&w, s, &s->rows[i]);
	json_end_array(&w);
	basis_unread_json(&w, s->basis);
	end_line(&w);
}
