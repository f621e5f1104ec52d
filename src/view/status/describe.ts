import { listOf, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import type { PodEvent } from '../../engine/pod-events.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import { membersOf, textOf } from '../../plan/compare/manifest-form/values.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { describeContainers } from './describe-containers.ts';
import { describeVolumes } from './describe-volumes.ts';
import { aligned, dateWords, eventLines, field, list, type Line } from './describe-lines.ts';
import { podItem } from './pod-list.ts';
import { appliedPod } from '../../engine/applied-pod.ts';

/**
 * A pod in the layout of `kubectl describe pod` (describePod in k8s.io/kubectl/pkg/describe/describe.go). Values of Secrets
 * are masked.
 * @param node the name of this machine
 * @param now in seconds since 1970
 */
export function describePod(view: PodView, node: string, events: readonly PodEvent[], now: number): string {
  // Plain data, as the API has it.
  const pod = JSON.parse(JSON.stringify(podItem(view))) as JsonObject;
  const { metadata, spec, status } = pod;
  const { annotations, creationTimestamp } = membersOf(metadata);
  const lines: readonly Line[] = [
    field('Name', observedName(view.observed).name),
    field('Namespace', observedName(view.observed).namespace),
    field('Project', view.project),
    field('Node', node),
    ...(creationTimestamp === undefined ? [] : [field('Start Time', dateWords(creationTimestamp))]),
    ...list('Labels', pairs(appliedPod(view).labels, '=')),
    ...list('Annotations', pairs(annotations, ': ')),
    ...controlledBy(view),
    field('Status', textOf(membersOf(status)['phase'])),
    ...given('Reason', membersOf(status)['reason']),
    ...given('Message', membersOf(status)['message']),
    field('IP', textOf(membersOf(status)['podIP'])),
    ...describeContainers(
      'Init Containers',
      membersOf(spec)['initContainers'],
      statuses(status, 'initContainerStatuses'),
    ),
    ...describeContainers('Containers', membersOf(spec)['containers'], statuses(status, 'containerStatuses')),
    ...conditionLines(membersOf(status)['conditions']),
    ...describeVolumes(membersOf(spec)['volumes']),
    field('Restart Policy', view.restartPolicy),
    ...eventLines(events, now),
  ];
  return aligned(lines);
}

/** Nothing for a value that is not set. */
function given(name: string, value: Json | undefined): readonly Line[] {
  return value === undefined ? [] : [field(name, textOf(value))];
}

/** `Controlled By: Deployment/web`; nothing for a bare pod. */
function controlledBy({ observed }: PodView): readonly Line[] {
  const owner = decodeOwner(observed.labels) ?? '';
  const kind = kindOfOwner(owner);
  return kind === undefined
    ? []
    : [field('Controlled By', `${kind}/${objectName(owner.slice(owner.indexOf('/') + 1)).name}`)];
}

function statuses(status: Json | undefined, member: string): readonly JsonObject[] {
  return listOf(membersOf(status)[member]).map(membersOf);
}

function pairs(members: Json | undefined, separator: string): readonly string[] {
  return Object.entries(membersOf(members)).map(([name, value]) => `${name}${separator}${textOf(value)}`);
}

function conditionLines(conditions: Json | undefined): readonly Line[] {
  const rows = listOf(conditions).map(membersOf);
  const name = (row: JsonObject) => textOf(row['type']);
  const width = Math.max(4, ...rows.map((row) => name(row).length));
  return [
    { depth: 0, text: 'Conditions:' },
    { depth: 1, text: `${'Type'.padEnd(width)}  Status` },
    ...rows.map((row): Line => {
      const reason = textOf(row['reason']);
      const why = reason === '' ? '' : `  (${reason})`;
      return { depth: 1, text: `${name(row).padEnd(width)}  ${textOf(row['status'])}${why}` };
    }),
  ];
}
