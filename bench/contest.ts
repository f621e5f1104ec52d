import { runCommand, type Command, type Surroundings } from './command.ts';

/** One of those who do the same thing. */
export interface Contestant {
  readonly name: string;
  /** What it does in each round, one act after the other. */
  readonly acts: readonly Act[];
}

/** Something that a contestant does. Only `commands` is on the clock. */
export interface Act {
  /** What is measured, as the table says it. The acts of several contestants with the same name are compared. */
  readonly measures: string;
  readonly before?: () => void;
  readonly commands: readonly Command[];
  /** Throws when the commands have not done what they should; may give how many containers they have restarted. */
  readonly after?: () => Promise<number> | Promise<void>;
  /** The aim: podpose takes at most so many times as long as this contestant. */
  readonly aim?: number;
}

/** Contestants that are measured in turn: whatever else the machine does meanwhile, it does to all of them. */
export interface Contest {
  readonly name: string;
  readonly rounds: number;
  /** The first one is podpose; the others are what it is compared with. */
  readonly contestants: readonly Contestant[];
  readonly setUp?: () => Promise<void>;
  readonly tearDown?: () => Promise<void>;
}

/** What one contestant took for one act, round by round. */
export interface Sample {
  readonly measures: string;
  readonly contestant: string;
  readonly milliseconds: readonly number[];
  readonly restarted: readonly number[];
  readonly aim?: number;
}

/** Holds a contest. The round before the first is not counted: it fills the caches, for everyone. */
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
