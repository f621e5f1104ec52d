import { defined } from '../../base/defined.ts';
import { mappingWords } from './port-words.ts';
import { shortId } from '../../base/text.ts';
import { escapeUnsafe } from '../../base/sanitize.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { decodeOwner } from '../../podman/labels.ts';
import type { Paint, Tone } from '../../base/paint.ts';
import { stateWord, type ContainerState, type ContainerStatus } from '../../kube/status/container-status.ts';
import { formatAge } from '../terminal/duration.ts';
import { plainLine } from '../progress/plain-line.ts';
import { podList } from './pod-list.ts';
import type { ContainerView, PodView } from '../../engine/pod-facts.ts';
import { renderTable, type Cell } from '../terminal/table.ts';
import { yamlText } from '../plan/yaml-text.ts';

/** `ids` is `--quiet`. */
export type PsFormat = 'table' | 'wide' | 'json' | 'yaml' | 'name' | 'ids';

export interface PsContext {
  /** Seconds since 1970. */
  readonly now: number;
  /** Whether to show the project of each pod. */
  readonly allProjects: boolean;
  /** Whether to show namespaces. By default, if a pod has another one than the default namespace. */
  readonly namespaces?: boolean;
  readonly paint: Paint;
}

/** The standard output of `ps`. Without pods it is empty, except for JSON and YAML. */
export function renderPs(pods: readonly PodView[], format: PsFormat, context: PsContext): string {
  switch (format) {
    case 'table':
    case 'wide':
      return pods.length === 0 ? '' : podTable(pods, format === 'wide', context);
    case 'json':
      return `${escapeUnsafe(JSON.stringify(podList(pods), undefined, 2))}\n`;
    case 'yaml':
      return yamlText(podList(pods));
    case 'name':
      return lines(pods.map(({ observed }) => `pod/${observed.name}`));
    case 'ids':
      return lines(
        pods.flatMap(containersOf).flatMap(({ observed }) => (observed === undefined ? [] : [observed.id])),
      );
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function containersOf({ initContainers, containers }: PodView): readonly ContainerView[] {
  return [...initContainers, ...containers];
}

const HEADING = ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'];
const WIDE_HEADING = ['IP', 'ID', 'IMAGE', 'PORTS'];
/** The workload of a pod; only where there is one. */
const OWNER = 'OWNER';
const NONE = '-';
const MAX_MESSAGE_LENGTH = 80;

/** Pods in the format of kubectl, each followed by its containers; every row has all columns. */
function podTable(
  pods: readonly PodView[],
  wide: boolean,
  { now, allProjects, paint, namespaces = pods.some(isElsewhere) }: PsContext,
): string {
  const hasMessages = pods.flatMap(containersOf).some(({ message }) => message !== undefined);
  const hasOwners = pods.some(({ observed }) => decodeOwner(observed.labels) !== undefined);
  const wideHeading = [...WIDE_HEADING, ...(hasOwners ? [OWNER] : []), ...(hasMessages ? ['MESSAGE'] : [])];
  // PORTS as in docker and compose; without published ports the columns are those of kubectl.
  const hasPorts = !wide && pods.some(({ ports }) => ports.length > 0);
  const heading = [
    ...(allProjects ? ['PROJECT'] : []),
    ...(namespaces ? ['NAMESPACE'] : []),
    ...HEADING,
    ...(hasPorts ? ['PORTS'] : []),
    ...(wide ? wideHeading : []),
  ];
  const rows = pods.flatMap((pod) => {
    const first = [
      ...(allProjects ? [{ text: pod.project }] : []),
      ...(namespaces ? [{ text: observedName(pod.observed).namespace }] : []),
    ];
    return [podRow(pod, now), ...containerRows(pod, now)].map(({ cells, wideCells }) => [
      ...first,
      ...cells,
      ...(hasPorts ? [wideCells[WIDE_HEADING.indexOf('PORTS')] ?? { text: NONE }] : []),
      ...(wide
        ? wideCells
            .filter((_, index) => hasOwners || index !== WIDE_HEADING.length)
            .slice(0, wideHeading.length)
        : []),
    ]);
  });
  return renderTable(heading, rows, paint);
}

interface Row {
  readonly cells: readonly Cell[];
  readonly wideCells: readonly Cell[];
}

function isElsewhere({ observed }: PodView): boolean {
  return observedName(observed).namespace !== POD_DEFAULTS.namespace;
}

/** `deploy/web`: its namespace is that of the pod. */
function ownerOf({ labels }: PodView['observed']): string | undefined {
  const owner = decodeOwner(labels);
  return owner?.replace(/[^/]*$/, (name) => objectName(name).name);
}

function podRow({ observed, status: podStatus, createdAt, ports }: PodView, now: number): Row {
  const { ready, total, status } = podStatus;
  return {
    cells: [
      { text: observedName(observed).name, tone: 'strong' },
      { text: readyText(ready, total) },
      statusCell(status),
      { text: restartsText(podStatus, now) },
      { text: age(createdAt, now) },
    ],
    wideCells: [
      { text: observed.addresses?.[0] ?? NONE },
      { text: shortId(observed.id) },
      { text: NONE },
      { text: ports.length === 0 ? NONE : ports.map(mappingWords).join(',') },
      { text: ownerOf(observed) ?? NONE },
      { text: NONE },
    ],
  };
}

function containerRows({ initContainers, containers }: PodView, now: number): readonly Row[] {
  return [
    ...initContainers.map((container) => containerRow(container, 'init', now)),
    ...containers.map((container) => containerRow(container, 'container', now)),
  ];
}

function containerRow(
  { name, status, observed, message }: ContainerView,
  role: 'init' | 'container',
  now: number,
): Row {
  const isCounted = role === 'container' || status.isSidecar === true;
  return {
    cells: [
      { text: `  ${role}/${name}` },
      { text: isCounted ? containerReady(status) : NONE },
      statusCell(containerText(status.state)),
      { text: restartsText(status, now) },
      { text: age(observed?.createdAt, now) },
    ],
    wideCells: [
      { text: NONE },
      { text: observed === undefined ? NONE : shortId(observed.id) },
      { text: observed?.image ?? NONE },
      { text: NONE },
      { text: NONE },
      { text: message === undefined ? NONE : firstLine(message) },
    ],
  };
}

function containerReady({ ready }: ContainerStatus): string {
  return readyText(ready === 'unknown' ? ready : ready ? 1 : 0, 1);
}

/** `?/2`: nothing runs the readiness probe of one of the two. */
function readyText(ready: number | 'unknown', total: number): string {
  return `${ready === 'unknown' ? '?' : ready}/${total}`;
}

/** As in kubectl: `3 (12s ago)`, or `3` if the time is unknown. */
function restartsText(
  { restarts, lastRestartAt }: { readonly restarts: number; readonly lastRestartAt?: number },
  now: number,
): string {
  return restarts === 0 || lastRestartAt === undefined
    ? restarts.toString()
    : `${restarts} (${age(lastRestartAt, now)} ago)`;
}

/** The first line of a message, shortened to fit into the table. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n').map(plainLine);
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}...` : line;
}

/** A failed container is shown with its exit code, in kubectl's notation. */
function containerText(state: ContainerState): string {
  if (state.kind === 'terminated' && state.reason === 'Error') return `ExitCode:${state.exitCode}`;
  const isPaused = state.kind === 'running' && state.isPaused === true && state.hasLostSandbox !== true;
  return isPaused ? 'Paused' : stateWord(state);
}

function statusCell(status: string): Cell {
  const tone = statusTone(status);
  return { text: status, ...defined({ tone }) };
}

function statusTone(status: string): Tone | undefined {
  if (status === 'Running') return 'added';
  if (status === 'Completed' || status === 'Succeeded') return 'faint';
  return /Error|ExitCode|Failed|BackOff|Unknown/.test(status) ? 'error' : 'changed';
}

function age(createdAt: number | undefined, now: number): string {
  return createdAt === undefined || createdAt === 0 ? NONE : formatAge(now - createdAt);
}
