import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { memberOf } from '../../src/base/json-members.ts';
import { namedOf, observedObjects } from '../../src/cli/commands/find-objects.ts';
import type { ListedKind } from '../../src/cli/listed-kinds.ts';
import { isKind, validatorOf } from '../../src/manifest/kinds.ts';
import type { Change } from '../../src/plan/change.ts';
import { headlessRecords } from '../../src/podman/headless-record.ts';
import { observe } from '../../src/podman/inspect/observe.ts';
import { yamlText } from '../../src/view/plan/yaml-text.ts';
import { kindItems, unrecorded } from '../../src/view/status/kind-objects.ts';
import type { ObservedCase } from '../support/observed-case.ts';
import { demoEngine, objectsIn, planDemo, type CaseMachine } from '../support/demo-project.ts';
import { EMPTY_PODMAN, stateAfter, type PodmanState } from '../support/podman-state.ts';

/*
 * What `get deploy,svc,ing,job,cj ... -o yaml` prints is valid, and is planned again in the place of the objects of the file:
 * podpose must find nothing to do.
 */
const ROOT = join(import.meta.dirname, '../..');
const DIRECTORIES = ['test/cases', 'examples'].flatMap((parent) =>
  readdirSync(join(ROOT, parent))
    .map((name) => join(ROOT, parent, name))
    .filter((directory) => existsSync(join(directory, 'pod.yaml'))),
);

const LISTED = {
  DaemonSet: 'DaemonSet',
  Deployment: 'Deployment',
  ReplicaSet: 'ReplicaSet',
  ReplicationController: 'ReplicationController',
  StatefulSet: 'StatefulSet',
  Job: 'Job',
  CronJob: 'cronjobs',
  Service: 'services',
  Ingress: 'ingresses',
} as const satisfies Readonly<Record<string, ListedKind>>;

async function shown(
  state: PodmanState,
  machine: CaseMachine,
): Promise<{ readonly items: readonly object[]; readonly unknown: readonly string[] }> {
  const observed = await observe(demoEngine('', state, machine).podman);
  assert.ok(observed.ok);
  const objects = observedObjects(
    {
      observed: observed.value,
      target: { project: 'demo' },
      ...{ known: [], unwatched: [], interrupted: [], jobRecords: observed.value.containers },
      headless: headlessRecords(observed.value.containers),
    },
    false,
  );
  const all = Object.values(LISTED).map((kind) => namedOf({ kind, names: [] }, objects));
  return { items: all.flatMap(kindItems), unknown: all.flatMap(unrecorded) };
}

const keyOf = (value: unknown) =>
  JSON.stringify([
    memberOf(value, 'kind'),
    memberOf(value, 'metadata', 'namespace') ?? 'default',
    memberOf(value, 'metadata', 'name'),
  ]);

const kindsSeen = new Set<unknown>();

async function roundTrip(text: string, machine: CaseMachine): Promise<void> {
  const first = await planDemo(text, EMPTY_PODMAN, machine);
  if (!first.ok) return;
  const state = stateAfter(first.value.plan);
  const { items, unknown } = await shown(state, machine);
  assert.deepEqual(unknown, []);
  if (items.length === 0) return;
  for (const item of items) {
    const kind = memberOf(item, 'kind');
    kindsSeen.add(kind);
    assert.ok(typeof kind === 'string' && isKind(kind));
    const validate = validatorOf(kind);
    assert.ok(validate(item), JSON.stringify([item, validate.errors]));
    assert.doesNotMatch(JSON.stringify(item), /podpose\.|hmac-sha256|"\*\*\*"/);
  }
  // In the order of the file: the proxy has the name of the first Ingress.
  const ofKey = new Map(items.map((item) => [keyOf(item), item]));
  const again = objectsIn(text)
    .map((value) => `---\n${yamlText(ofKey.get(keyOf(value)) ?? (value as object))}`)
    .join('');
  const second = await planDemo(again, state, machine);
  assert.ok(
    second.ok,
    second.ok ? '' : `${again}\n${JSON.stringify(second.error.diagnostics, undefined, 1)}`,
  );
  assert.deepEqual(
    second.value.plan.changes
      .filter((change) => !isAllocated(change))
      .map((change) => JSON.stringify(change)),
    [],
    again,
  );
}

/** What podpose has chosen for a Service, as a cluster does, is asked for the next time: only its record changes. */
function isAllocated({ subject, action, reason }: Change): boolean {
  return (
    subject.kind === 'service' &&
    action === 'update' &&
    reason.kind === 'settings-differ' &&
    reason.differences.every(({ path }) => ['spec.clusterIP', 'spec.ports'].includes(path.join('.')))
  );
}

const IS_LISTED = new RegExp(`^kind: (${Object.keys(LISTED).join('|')})$`, 'm');

test('a running object as a manifest is valid and up to date, for all cases and examples', async (context) => {
  for (const directory of DIRECTORIES)
    await context.test(directory.slice(ROOT.length + 1), async () => {
      const observed = join(directory, 'observed.json');
      const machine = (
        existsSync(observed) ? JSON.parse(readFileSync(observed, 'utf8')) : {}
      ) as ObservedCase;
      const text = readFileSync(join(directory, 'pod.yaml'), 'utf8');
      if (IS_LISTED.test(text)) await roundTrip(text, machine);
    });
  assert.deepEqual([...kindsSeen].sort(), Object.keys(LISTED).sort());
});
