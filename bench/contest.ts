import { runCommand, type Command, type Surroundings } from './command.ts';

/** One of several contestants that do the same thing. */
export interface Contestant {
  readonly name: string;
  /** Its actions in each round, in order. */
  readonly acts: readonly Act[];
}

/** An action of a contestant. Only `commands` is timed. */
export interface Act {
  /** The name in the table. Actions of several contestants with the same name are compared. */
  readonly measures: string;
  readonly before?: () => void;
  readonly commands: readonly Command[];
  /** Throws if the commands did not have the right effect; can return the number of restarted containers. */
  readonly after?: () => Promise<number> | Promise<void>;
  /** The goal: podpose takes at most this many times as long as this contestant. */
  readonly aim?: number;
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

/** The times of one contestant for one action, round by round. */
export interface Sample {
  readonly measures: string;
  readonly contestant: string;
  readonly milliseconds: readonly number[];
  readonly restarted: readonly number[];
  readonly aim?: number;
}

/** Runs a contest. An additional first round, which fills the caches, is not counted. */
export async function hold(
  contest: Contest,
  surroundings: Surroundings,
  report: (text: string) => void,
): Promise<readonly Sample[]> {
  const takes = contest.contestants.flatMap(({ name, acts }) =>
    acts.map((act) => ({ name, act, milliseconds: Array<number>(), restarted: Array<number>() })),
  );
  try {
    report(`${contest.name}: setting up`);
    await contest.setUp?.();
    for (let round = 0; round <= contest.rounds; round += 1) {
      report(`${contest.name}: ${round === 0 ? 'warming up' : `round ${round} of ${contest.rounds}`}`);
      for (const { act, milliseconds, restarted } of takes) {
        act.before?.();
        const start = performance.now();
        for (const command of act.commands) await runCommand(command, surroundings);
        const taken = performance.now() - start;
        const count = await act.after?.();
        if (round === 0) continue;
        milliseconds.push(taken);
        if (typeof count === 'number') restarted.push(count);
      }
    }
  } finally {
    await contest.tearDown?.();
  }
  return takes.map(({ name, act: { measures, aim }, milliseconds, restarted }) => ({
    measures,
    contestant: name,
    milliseconds,
    restarted,
    ...(aim === undefined ? {} : { aim }),
  }));
}
