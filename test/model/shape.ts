import { stableJson } from '../../src/base/stable-json.ts';
import { DECLARED_REVISIONS } from '../../src/kube/spec/declared.ts';
import { decodeOwner, LABEL } from '../../src/podman/labels.ts';
import { decodeRevisions, REVISIONS_LABEL } from '../../src/podman/revisions-record.ts';
import { filesRecordName, listRecordName, podVolumeName } from '../../src/podman/names.ts';
import { mountCountOf } from './commands.ts';
import { membersOf, type ModelContainer, type ModelState, type Names } from './state.ts';

/** What a state comes to for a person: names, settings, and whether all is as it should be; no ids and no times. */
export interface Shape {
  readonly pods: Readonly<Record<string, Names>>;
  readonly initContainers: Readonly<Record<string, ContainerShape>>;
  readonly containers: Readonly<Record<string, ContainerShape>>;
  readonly volumes: Readonly<Record<string, VolumeShape>>;
  readonly networks: Readonly<Record<string, Names>>;
}

interface ContainerShape {
  readonly labels: Names;
  readonly pod: string;
  readonly image: string;
  readonly limits: Names;
  readonly restartPolicy: string;
  readonly is: string;
}

interface VolumeShape {
  readonly labels: Names;
  readonly files: string;
  readonly isHeld: boolean;
  readonly isUsed: boolean;
}

export function shapeOf(state: ModelState, project: string): Shape {
  const isOurs = ({ labels }: { readonly labels: Names }) => labels[LABEL.project] === project;
  const notes = new Map(
    Object.entries(state.containers).flatMap(([name, { labels }]) =>
      labels[LABEL.role] === 'note' ? [[labels[LABEL.recordOf] ?? '', { name, labels }] as const] : [],
    ),
  );
  const told = new Set(Object.values(state.containers).map(({ id }) => notes.get(id)?.name));
  const filesNote = (pod: string) => state.containers[filesRecordName({ name: pod })];
  for (const name of Object.keys(state.pods))
    for (const nameOf of [filesRecordName, listRecordName]) told.add(nameOf({ name }));
  const containers = (isInit: boolean) =>
    shapes(
      state.containers,
      (container, name) =>
        isOurs(container) && (container.labels[LABEL.role] === 'init') === isInit && !told.has(name),
      ({ id, labels, pod = '', imageId, limits, restartPolicy, ...container }) => ({
        labels: withoutList(withSpec(labels, notes.get(id)?.labels ?? labels)),
        pod,
        image: imageId,
        limits,
        restartPolicy,
        is: condition({ restartPolicy, ...container }, state.pods[pod]?.infraStartedAt ?? 0),
      }),
    );
  return {
    pods: shapes(state.pods, isOurs, ({ labels }, name) =>
      withoutHistory(
        withoutList(withFiles(withSpec(labels, labels), filesNote(name)?.labels ?? labels, state)),
      ),
    ),
    initContainers: containers(true),
    containers: containers(false),
    networks: shapes(state.networks, isOurs, ({ labels }) => labels),
    volumes: shapes(
      state.volumes,
      // What podman makes by itself, as it finds no volume of that name, has no labels.
      (volume) => isOurs(volume) || Object.keys(volume.labels).length === 0,
      ({ labels, files = '' }, name) => ({
        labels,
        files,
        isHeld: isHeld(state, name),
        isUsed: isUsed(state, name),
      }),
    ),
  };
}

/**
 * What was made from the same settings has the same labels here, in whatever order they had their env and mounts, and whichever
 * revisions there were before.
 */
function withSpec(labels: Names, { [LABEL.spec]: spec = '{}' }: Names): Names {
  const { declared, ...settings } = JSON.parse(spec) as {
    readonly declared?: Readonly<Record<string, unknown>>;
  };
  const { [DECLARED_REVISIONS]: _, ...kept } = declared ?? {};
  const sorted = JSON.stringify({ ...settings, declared: kept }, (_key, member: unknown) =>
    Array.isArray(member) && member.every((each) => typeof each === 'object')
      ? member.map((each) => JSON.stringify(each)).sort()
      : member,
  );
  return { ...labels, [LABEL.spec]: sorted };
}

/** Which list of containers is where depends on how it came there: a pod keeps that which it was made with. */
function withoutList({ [LABEL.containers]: _, ...labels }: Names): Names {
  return labels;
}

/**
 * Which revisions there were before depends on how a pod came there: what counts is its template. A pod of a StatefulSet keeps
 * the record that it was made with, and its containers are replaced.
 */
function withoutHistory({ [REVISIONS_LABEL]: revisions, ...others }: Names): Names {
  const isStateful = decodeOwner(others)?.startsWith('sts/') === true;
  if (isStateful || revisions === undefined) return others;
  const labels = { ...others, [REVISIONS_LABEL]: revisions };
  const record = decodeRevisions(labels);
  return record === undefined ? labels : { ...labels, [REVISIONS_LABEL]: stableJson(record.template) };
}

/** What is remembered of the files of volumes: the note on them says it, of a pod that has one. Others are gone. */
function withFiles(labels: Names, { [LABEL.files]: files = '{}' }: Names, { volumes }: ModelState): Names {
  const there = Object.entries(JSON.parse(files) as Readonly<Record<string, unknown>>).filter(
    ([volume]) => volumes[podVolumeName({ name: labels[LABEL.pod] ?? '' }, { name: volume })] !== undefined,
  );
  return { ...labels, [LABEL.files]: stableJson(Object.fromEntries(there)) };
}

function shapes<T, S>(
  things: Readonly<Record<string, T>>,
  isOurs: (thing: T, name: string) => boolean,
  shape: (thing: T, name: string) => S,
): Readonly<Record<string, S>> {
  return Object.fromEntries(
    Object.entries(things)
      .filter(([name, thing]) => isOurs(thing, name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, thing]) => [name, shape(thing, name)]),
  );
}

/** @param sandboxStartedAt what has run since before then is in the namespaces of an infra container that has ended */
function condition(
  {
    state,
    exitCode,
    exitedAt,
    startedAt,
    restartPolicy,
  }: Pick<ModelContainer, 'state' | 'exitCode' | 'exitedAt' | 'startedAt' | 'restartPolicy'>,
  sandboxStartedAt: number,
): string {
  const isDone = state === 'exited' && exitCode === 0 && exitedAt >= startedAt && restartPolicy !== 'always';
  if (state === 'running' && startedAt < sandboxStartedAt) return 'cut off';
  return state === 'running' || isDone ? 'fine' : `${state} (${exitCode})`;
}

/** Whether what is in a volume stays when a container ends: all but a tmpfs is, and one that is mounted by hand. */
function isHeld(state: ModelState, name: string): boolean {
  const volume = state.volumes[name];
  const isIdle = membersOf(state, volume?.labels[LABEL.pod] ?? '').every(
    ([, container]) => container.state !== 'running',
  );
  return volume?.isTmpfs !== true || volume.holds > 0 || (isIdle && mountCountOf(state, name) === 0);
}

function isUsed({ containers }: ModelState, name: string): boolean {
  return Object.values(containers).some(
    ({ volumes, reachesInto }) => volumes.includes(name) || reachesInto.includes(name),
  );
}
