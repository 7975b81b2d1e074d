/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes Events of both API groups. */
#include "json/fields.h"
#include "kube/body.h"

bool event_name_time(struct str name, nsec *ret_at, struct str *ret_object)
{
	struct str head, tail;
	uint64_t at;

	/* 15 or 16 hex digits: 1e18 ns (2001) to 2^63; anything else is no time */
	if (!str_cut_last(name, '.', &head, &tail) || tail.n < 15 || tail.n > 16 || !head.n)
		return false;
	if (!str_hex64(tail, &at) || at > (uint64_t)INT64_MAX || at < (uint64_t)1000000000 * SECOND)
		return false;
	*ret_at = (nsec)at;
	*ret_object = head;
	return true;
}

bool event_container(struct str field_path, struct str *ret_container)
{
	struct str head, tail;

	if (!str_starts(field_path, STR("spec.")) || !str_cut(field_path, '{', &head, &tail) ||
	    tail.n < 2 || tail.p[tail.n - 1] != '}')
		return false;
	*ret_container = (struct str){ tail.p, tail.n - 1 };
	return true;
}

static const struct json_field involved_fields[] = {
	JSON_FIELD(TEXT, "kind", struct kube_event, kind),
	JSON_FIELD(TEXT, "namespace", struct kube_event, namespace),
	JSON_FIELD(TEXT, "name", struct kube_event, name),
	JSON_FIELD(TEXT, "uid", struct kube_event, uid),
	JSON_FIELD(TEXT, "fieldPath", struct kube_event, field_path),
};

static const struct json_field source_fields[] = {
	JSON_FIELD(TEXT, "component", struct kube_event, component),
	JSON_FIELD(TEXT, "host", struct kube_event, host),
};

static const struct json_field series_fields[] = {
	JSON_FIELD(COUNT, "count", struct kube_event, series_count),
	JSON_FIELD(TIME, "lastObservedTime", struct kube_event, series_last),
};

static void read_metadata(struct json *j, void *object)
{
	body_metadata(j, &((struct kube_event *)object)->meta);
}

/* The deprecated keys of events.k8s.io are the keys of core/v1. */
static const struct json_field event_fields[] = {
	JSON_OTHER("metadata", read_metadata),
	JSON_INSIDE("involvedObject", involved_fields),
	JSON_FIELD(TEXT, "reason", struct kube_event, reason),
	JSON_FIELD(TEXT, "message", struct kube_event, message),
	JSON_INSIDE("source", source_fields),
	JSON_FIELD(TIME, "firstTimestamp", struct kube_event, first),
	JSON_FIELD(TIME, "lastTimestamp", struct kube_event, last),
	JSON_FIELD(COUNT, "count", struct kube_event, count),
	JSON_FIELD(TEXT, "type", struct kube_event, type),
	JSON_FIELD(TIME, "eventTime", struct kube_event, event_time),
	JSON_INSIDE("series", series_fields),
	JSON_FIELD(TEXT, "reportingComponent", struct kube_event, reporting),
	JSON_FIELD(TEXT, "reportingController", struct kube_event, reporting),
	JSON_INSIDE("regarding", involved_fields),
	JSON_FIELD(TEXT, "note", struct kube_event, message),
	JSON_INSIDE("deprecatedSource", source_fields),
	JSON_FIELD(TIME, "deprecatedFirstTimestamp", struct kube_event, first),
	JSON_FIELD(TIME, "deprecatedLastTimestamp", struct kube_event, last),
	JSON_FIELD(COUNT, "deprecatedCount", struct kube_event, count),
};

void body_event(struct json *j, struct kube_event *ret_event)
{
	*ret_event = (struct kube_event){
		.meta = OBJECT_META_NONE,
		.first = NSEC_NONE,
		.last = NSEC_NONE,
		.event_time = NSEC_NONE,
		.series_last = NSEC_NONE,
	};
	if (!json_fields(j, event_fields, ARRAY_SIZE(event_fields), ret_event))
		return;
	if (ret_event->reporting.n)
		ret_event->component = ret_event->reporting;
	if (ret_event->series_count)
		ret_event->count = ret_event->series_count;
	if (nsec_known(ret_event->series_last))
		ret_event->last = ret_event->series_last;
}
