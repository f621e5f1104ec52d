// podman logs: the output of all runs of a container.
import { PodmanError } from './errors.ts';
import type { Input, Model, OutputLine, Running } from './model.ts';
import { containerNamed, isAlive } from './state.ts';
import { flag, number, text } from './values.ts';

export function* logs(model: Model, { values, words }: Input): Running {
  const [word] = words;
  if (word === undefined) throw new PodmanError('specify at least one container name or ID to log');
  const { id, runs } = containerNamed(model.state, word);
  const since = sinceTime(text(values, 'since'), model.now());
  const hasTimestamps = flag(values, 'timestamps');
  const before = linesOf(model, id);
  const wanted = before.filter(({ at }) => at > since);
  const tail = number(values, 'tail') ?? -1;
  printLines(model, tail < 0 ? wanted : wanted.slice(Math.max(0, wanted.length - tail)), hasTimestamps);
  if (!flag(values, 'follow')) return 0;
  let shown = before.length;
  for (;;) {
    const container = model.state.containers[id];
    if (container === undefined) return 0;
    const lines = linesOf(model, id);
    printLines(
      model,
      lines.slice(shown).filter(({ at }) => at > since),
      hasTimestamps,
    );
    shown = lines.length;
    // It ends with the run, even if the restart policy starts another one.
    const hasEnded = container.state !== 'created' && !isAlive(container);
    if (hasEnded || container.runs.length > Math.max(1, runs.length)) return 0;
    yield;
  }
}

function linesOf({ state, now }: Model, id: string): readonly OutputLine[] {
  return (state.containers[id]?.runs ?? []).flatMap(({ lines, endsAt }) =>
    lines.filter(({ at }) => at <= now() && (endsAt === null || at <= endsAt)),
  );
}

export function printLines(model: Model, lines: readonly OutputLine[], hasTimestamps = false): void {
  for (const { at, stream, line } of lines) {
    const time = hasTimestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : '';
    (stream === 'stderr' ? model.err : model.out)(`${time}${line}\n`);
  }
}

/** Milliseconds since 1970, for a date, seconds since 1970, or a duration before now: `1h30m`. */
function sinceTime(since: string | undefined, now: number): number {
  if (since === undefined) return -Infinity;
  if (/^\d+(\.\d+)?$/.test(since)) return Number(since) * 1000;
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(since);
  if (parts !== null && since !== '') {
    const [hours = 0, minutes = 0, seconds = 0] = parts
      .slice(1)
      .map((part: string | undefined) => Number(part ?? 0));
    return now - ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }
  const time = Date.parse(since);
  if (Number.isNaN(time)) throw new PodmanError(`parsing --since "${since}": unable to interpret time value`);
  return time;
}
