import { applyChanges, formatChange, type Base, type Change } from '../../test/oracle/change.ts';
import type { TreePath } from '../../test/oracle/tree.ts';
import { placesOf, type Place } from './mutations.ts';
import type { Random } from './random.ts';
import { valuePool } from './value-pool.ts';

/** A changed manifest. */
export interface Mutant {
  readonly base: Base;
  readonly path: TreePath;
  readonly changes: readonly Change[];
  readonly text: string;
}

/** All places of the bases; those of `vocabulary` give values to them. */
export function allPlaces(bases: readonly Base[], vocabulary: readonly Base[]): readonly Place[] {
  const pool = valuePool(vocabulary);
  return bases.flatMap((base) => placesOf(base, pool)).filter(({ changes }) => changes.length > 0);
}

/** Every single change. */
export function* singleMutants(places: readonly Place[]): Generator<Mutant> {
  for (const { base, path, changes } of places)
    for (const change of changes) yield mutantOf(base, path, [change]);
}

/** Changes at random, without repeats: a single one, or two near each other. Endless. */
export function* randomMutants(places: readonly Place[], random: Random, pairs: number): Generator<Mutant> {
  const seen = new Set<string>();
  const [first, ...others] = places;
  if (first === undefined) return;
  for (let vain = 0; vain < 1000; vain += 1) {
    const place = random.pick([first, ...others]);
    const one = pickChange(place, random);
    const near = random.below(100) < pairs ? neighbourOf(place, places, random) : undefined;
    const changes = near === undefined ? [one] : [one, pickChange(near, random)];
    const key = [place.base.name, ...changes.map(formatChange)].join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    vain = 0;
    yield mutantOf(place.base, place.path, changes);
  }
}

export function mutantOf(base: Base, path: TreePath, changes: readonly Change[]): Mutant {
  return { base, path, changes, text: applyChanges(base, changes) };
}

function pickChange({ changes }: Place, random: Random): Change {
  const change = changes[random.below(changes.length)];
  if (change === undefined) throw new Error('a place without changes');
  return change;
}

/** How far two changes of a pair are from each other, in places. */
const NEAR = 12;

function neighbourOf(place: Place, places: readonly Place[], random: Random): Place | undefined {
  const at = places.indexOf(place) + random.below(2 * NEAR + 1) - NEAR;
  const found = places[at];
  return found?.base === place.base && found !== place && isTree(found) && isTree(place) ? found : undefined;
}

function isTree({ path }: Place): boolean {
  return path[0] !== '(text)';
}
