import { rmSync } from 'node:fs';
import { runCommand, timeCommand, type Command, type Surroundings } from './command.ts';
import { timeSpent, type TimeSpent } from './time-spent.ts';

/** One of several contestants that do the same thing. */
export interface Contestant {
  readonly name: string;
  /** Its actions in each round, in order. */
  readonly acts: readonly Act[];
  /** It makes the requests of podpose and nothing else: no podpose can be faster. */
  readonly isFloor?: true;
}

/** An action of a contestant. Only `commands` is timed. */
export interface Act {
  /** The name in the table. Actions of several contestants with the same name are compared. */
  readonly measures: string;
  /** Other actions of podpose that this one is compared with, too. */
  readonly alsoMeasures?: readonly string[];
  readonly before?: () => void | Promise<void>;
  readonly commands: readonly Command[];
  /**
   * The podman service: by default that of this user's environment, which stays for a minute. `none` runs at the
   * beginning of the action; `same` is that of the contestant's action before.
   */
  readonly service?: 'none' | 'same';
  /** Throws if the commands did not have the right effect; can return the number of restarted containers. */
  readonly after?: () => Promise<number> | Promise<void>;
  /** The goal: podpose takes at most this many times as long as this contestant. */
  readonly aim?: number;
  /** The time is measured up to this text in standard error; what follows is a sample of its own. */
  readonly until?: { readonly text: string; readonly restMeasures: string };
  /** What is measured instead of the time, in MB. */
  readonly megabytes?: () => number;
}

/** Contestants measured in alternation, so that other load on the machine affects all of them. */
export interface Contest {
  readonly name: string;
  readonly rounds: number;
  /** The first is podpose; the others are compared with it. */
  readonly contestants: readonly Contestant[];
  readonly setUp?: () => Promise<void>;
  readonly tearDown?: () => Promise<void>;
}

export type Unit = 'ms' | 'MB';

/** The values of one contestant for one action, round by round. */
export interface Sample {
  readonly measures: string;
  readonly contestant: string;
  readonly unit: Unit;
  readonly values: readonly number[];
  readonly restarted: readonly number[];
  readonly aim?: number;
  readonly isFloor?: true;
}

export interface Results {
  readonly samples: readonly Sample[];
  /** Where the time of podpose's actions went, in one further round. */
  readonly spent: readonly TimeSpent[];
}

/** Idle time of a service that only one action uses, or two. */
const SECONDS = '5';
let services = 0;

/** The environment of the next action. Another variable is another podman service. */
function environment(act: Act, last: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (act.service === 'same') return last;
  if (act.service === undefined) return {};
  services += 1;
  return { PODPOSE_SERVICE: SECONDS, PODPOSE_BENCH_ROUND: `${process.pid}-${services}` };
}

interface Take {
  readonly contestant: Contestant;
  readonly act: Act;
  readonly values: number[];
  /** The times after the text of `until`. */
  readonly rests: number[];
  readonly restarted: number[];
}

/** Runs a contest. An additional first round, which fills the caches, is not counted; a last one is traced. */
export async function hold(
  contest: Contest,
  surroundings: Surroundings,
  report: (text: string) => void,
): Promise<Results> {
  const takes = contest.contestants.flatMap((contestant) =>
    contestant.acts.map((act): Take => ({ contestant, act, values: [], rests: [], restarted: [] })),
  );
  const spent: TimeSpent[] = [];
  try {
    report(`${contest.name}: setting up`);
    await contest.setUp?.();
    for (let round = 0; round <= contest.rounds; round += 1) {
      report(`${contest.name}: ${round === 0 ? 'warming up' : `round ${round} of ${contest.rounds}`}`);
      await playRound(takes, surroundings, round > 0);
    }
    report(`${contest.name}: tracing`);
    const own = takes.filter(({ contestant }) => contestant === contest.contestants[0]);
    spent.push(...(await traceRound(own, surroundings)));
  } finally {
    await contest.tearDown?.();
  }
  return { samples: takes.flatMap(samplesOf), spent };
}

async function playRound(takes: readonly Take[], surroundings: Surroundings, counts: boolean): Promise<void> {
  let env: Readonly<Record<string, string>> = {};
  for (const { act, values, rests, restarted } of takes) {
    await act.before?.();
    env = environment(act, env);
    const times: Awaited<ReturnType<typeof timeCommand>>[] = [];
    for (const command of act.commands)
      times.push(await timeCommand(command, surroundings, env, act.until?.text));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    const value = act.megabytes?.() ?? sum(times.map(({ toText }) => toText));
    const count = await act.after?.();
    if (!counts) continue;
    values.push(value);
    rests.push(sum(times.map(({ toText, toEnd }) => toEnd - toText)));
    if (typeof count === 'number') restarted.push(count);
  }
}

async function traceRound(takes: readonly Take[], surroundings: Surroundings): Promise<readonly TimeSpent[]> {
  const path = `${surroundings.directory}/trace.json`;
  const spent: TimeSpent[] = [];
  let env: Readonly<Record<string, string>> = {};
  for (const { act } of takes) {
    await act.before?.();
    env = environment(act, env);
    rmSync(path, { force: true });
    const start = performance.timeOrigin + performance.now();
    for (const command of act.commands)
      await runCommand(command, surroundings, { ...env, PODPOSE_TRACE: path });
    const end = performance.timeOrigin + performance.now();
    await act.after?.();
    const found = act.megabytes === undefined ? timeSpent(path, act.measures, { start, end }) : undefined;
    if (found !== undefined) spent.push(found);
  }
  return spent;
}

function samplesOf({ contestant, act, values, rests, restarted }: Take): readonly Sample[] {
  const { measures, alsoMeasures = [], aim, megabytes, until } = act;
  const samples = [measures, ...alsoMeasures].map((name): Sample => ({
    measures: name,
    contestant: contestant.name,
    unit: megabytes === undefined ? 'ms' : 'MB',
    values,
    restarted,
    ...(aim === undefined ? {} : { aim }),
    ...(contestant.isFloor === true ? { isFloor: true } : {}),
  }));
  if (until === undefined) return samples;
  const rest = {
    measures: until.restMeasures,
    contestant: contestant.name,
    unit: 'ms',
    values: rests,
  } as const;
  return [...samples, { ...rest, restarted: [] }];
}
