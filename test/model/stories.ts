import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Pod } from '../../src/manifest/schema/generated/kubernetes.ts';
import type { Choose, Trouble } from './journey.ts';
import { editedPodSet } from './manifests.ts';
import type { Release } from './state.ts';
import type { WorldEvent } from './world.ts';

/** Something that may happen to somebody who works with podpose, told so that it can be read when it goes wrong. */
export interface Story {
  readonly release: Release;
  /** Manifests that are applied one after another, all but the last before anything happens. */
  readonly manifests: readonly (readonly Pod[])[];
  /** What happens before the last of them are applied. */
  readonly events: readonly WorldEvent[];
  /** What goes wrong while they are applied. */
  readonly trouble: Trouble;
  /** The manifests that are applied then: the last, or those before them again. */
  readonly afterwards: readonly Pod[];
  /** Choices between what may come next, to be taken one after another; the first possibility when they are used up. */
  readonly choices: readonly number[];
}

const nth = fc.nat(5);

const worldEvent: fc.Arbitrary<WorldEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'is killed' as const,
      'is stopped' as const,
      'is paused' as const,
      'is removed' as const,
    ),
    nth,
  }),
  fc.record({ kind: fc.constant('ends' as const), nth, exitCode: fc.nat(1) }),
  fc.record({
    kind: fc.constant('is renamed' as const),
    nth,
    to: fc.constantFrom('astray', 'b', 'a_new'),
  }),
  fc.record({
    kind: fc.constantFrom(
      'pod is stopped' as const,
      'pod is paused' as const,
      'pod is removed' as const,
      'infra container is killed' as const,
      'infra container is restarted' as const,
    ),
    nth,
  }),
  fc.record({ kind: fc.constant('volume is removed' as const), nth }),
  fc.record({ kind: fc.constant('tag is moved' as const), nth }),
  fc.record({ kind: fc.constantFrom('machine shuts down' as const, 'power is cut' as const) }),
);

const at = fc.nat(25);

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ kind: fc.constant('command fails' as const), at, isLasting: fc.boolean() }),
  fc.record({ kind: fc.constant('podpose is killed' as const), at, commandsGoOn: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom('podpose is interrupted' as const, 'power is cut' as const),
    at,
  }),
);

const noTrouble: fc.Arbitrary<Trouble> = fc.constant({ kind: 'none' });

const release = fc.constantFrom<Release>('newer', 'oldest');
const choices = fc.array(fc.nat(99), { maxLength: 40 });

function storyOf(
  events: fc.Arbitrary<readonly WorldEvent[]>,
  troubles: fc.Arbitrary<Trouble>,
): fc.Arbitrary<Story> {
  return fc
    .record({
      release,
      sets: editedPodSet,
      events,
      trouble: troubles,
      choices,
      isGoingBack: fc.boolean(),
      isRegretted: fc.boolean(),
    })
    .map(({ sets: { before, after }, isGoingBack, isRegretted, ...rest }) => {
      const manifests = isGoingBack ? [before, after, before] : [before, after];
      return readable({ ...rest, manifests, afterwards: manifests.at(isRegretted ? -2 : -1) ?? [] });
    });
}

/** Manifests are applied, edited and applied again, and before that something happens. */
export const eventfulStory = storyOf(fc.array(worldEvent, { maxLength: 3 }), noTrouble);

/** Manifests are applied, edited and applied again, and that goes wrong. */
export const troubledStory = storyOf(fc.constant([]), trouble);

/** All at once. */
export const wildStory = storyOf(fc.array(worldEvent, { maxLength: 2 }), trouble);

/** Takes the choices of a story one after another. */
export function chooser({ choices: taken }: Pick<Story, 'choices'>): Choose {
  let index = 0;
  return (possibilities) => (taken[index++] ?? 0) % possibilities;
}

function readable(story: Story): Story {
  const told = () => report(story);
  return Object.defineProperty(story, fc.toStringMethod, { value: told, enumerable: false });
}

function report({
  release: podman,
  manifests,
  events,
  trouble: what,
  afterwards,
  choices: taken,
}: Story): string {
  const seen: (readonly Pod[])[] = [];
  const named = (pods: readonly Pod[]) => {
    const earlier = seen.findIndex((other) => JSON.stringify(other) === JSON.stringify(pods));
    seen.push(pods);
    return earlier < 0
      ? pods.map(({ metadata, spec }) => ({ metadata, spec }))
      : `the same as number ${earlier + 1}`;
  };
  const told = {
    podman,
    ...Object.fromEntries(manifests.map((pods, index) => [`manifests ${index + 1}`, named(pods)])),
    ...(events.length === 0 ? {} : { 'before the last, this happens': events }),
    ...(what.kind === 'none' ? {} : { 'while they are applied': what, 'applied then': named(afterwards) }),
    ...(taken.length === 0 ? {} : { choices: JSON.stringify(taken) }),
  };
  return `\n${stringify(told, { aliasDuplicateObjects: false })}`;
}
