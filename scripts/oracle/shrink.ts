/** A text that is made smaller while something about it holds. */
export interface Shrinking {
  readonly text: string;
  /** Whether a smaller text still shows the same. Answers come for many texts at once. */
  readonly key: string;
}

/** For each text, whether it still shows what its key says. */
export type Probe = (candidates: readonly Shrinking[]) => Promise<readonly boolean[]>;

/** Rounds in which all texts are made smaller together. */
const ROUNDS = 4;

/** Takes blocks of lines out of each text, as many as go. */
export async function shrinkAll(given: readonly Shrinking[], probe: Probe): Promise<readonly string[]> {
  let current = given;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = await shrinkOnce(current, probe);
    if (next.every(({ text }, index) => text === current[index]?.text)) break;
    current = next;
  }
  return current.map(({ text }) => text);
}

/** One round: blocks that can go one by one, and of these as many at once as can go together. */
async function shrinkOnce(given: readonly Shrinking[], probe: Probe): Promise<readonly Shrinking[]> {
  const trials = given.flatMap((one, index) =>
    blocksOf(one.text).map((block) => ({ index, block, key: one.key, text: without(one.text, [block]) })),
  );
  const holds = await probe(trials);
  const removable = given.map((_, index) =>
    trials.filter((trial, at) => trial.index === index && holds[at] === true).map(({ block }) => block),
  );
  const choices = given.flatMap((one, index) => {
    const blocks = disjoint(removable[index] ?? []);
    const counts = [blocks.length, Math.ceil(blocks.length / 2), Math.ceil(blocks.length / 4), 1];
    return [...new Set(counts)]
      .filter((count) => count > 0)
      .map((count) => ({ index, key: one.key, text: without(one.text, blocks.slice(0, count)) }));
  });
  const good = await probe(choices);
  return given.map((one, index) => {
    const best = choices.find((choice, at) => choice.index === index && good[at] === true);
    return best === undefined ? one : { key: one.key, text: best.text };
  });
}

/** Lines from `start` up to, but not including, `end`. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/** Each line with the lines below it that are indented more. */
function blocksOf(text: string): readonly Block[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    if (line === '') return [];
    const depth = indentOf(line);
    let end = start + 1;
    while (end < lines.length && isInside(lines[end] ?? '', depth, line)) end += 1;
    return [{ start, end }];
  });
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** A list may stand at the indentation of the key it belongs to. */
function isInside(line: string, depth: number, head: string): boolean {
  const own = indentOf(line);
  return (
    own > depth || (own === depth && line.trimStart().startsWith('- ') && !head.trimStart().startsWith('- '))
  );
}

function without(text: string, blocks: readonly Block[]): string {
  return text
    .split('\n')
    .filter((_, index) => !blocks.some(({ start, end }) => index >= start && index < end))
    .join('\n');
}

/** The largest blocks that do not overlap. */
function disjoint(blocks: readonly Block[]): readonly Block[] {
  const chosen: Block[] = [];
  for (const block of [...blocks].sort((a, b) => b.end - b.start - (a.end - a.start)))
    if (chosen.every(({ start, end }) => block.end <= start || block.start >= end)) chosen.push(block);
  return chosen;
}
