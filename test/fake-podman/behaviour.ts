import type { Behaviour, Container, Run, Settings, Stream } from './model.ts';

/**
 * The behaviour of a container at its start: as the test defines it for its image or name, else as its command line
 * says.
 * @param starts the number of its earlier starts
 */
export function behaviourOf(
  container: Container,
  behaviours: Settings['behaviours'] = {},
  starts: number,
): Behaviour {
  const { labels } = container;
  const inPod = `${labels['podpose.pod'] ?? ''}-${labels['podpose.container'] ?? ''}`;
  const told = behaviours[`image ${container.image}`] ?? behaviours[inPod] ?? behaviours[container.name];
  if (told === undefined)
    return ofCommand(container.command) ?? (labels['podpose.role'] === 'init' ? { exitCode: 0 } : {});
  return isList(told) ? (told[starts] ?? told.at(-1) ?? {}) : told;
}

function isList(told: Behaviour | readonly Behaviour[]): told is readonly Behaviour[] {
  return Array.isArray(told);
}

/** Supports a few command lines, which behave the same in a real podman. */
function ofCommand([program, ...args]: readonly string[]): Behaviour | undefined {
  switch (program) {
    case 'true':
      return { exitCode: 0 };
    case 'false':
      return { exitCode: 1 };
    case 'echo':
      return { exitCode: 0, output: [args.join(' ')] };
    case 'sleep':
      // It is process 1: the kernel ignores signals for which it has no handler.
      return { runsFor: Number(args[0]) * 1000, exitCode: 0, onTerm: 'ignore' };
    case 'sh':
      return args[0] === '-c' ? ofScript(args[1] ?? '') : undefined;
    default:
      return undefined;
  }
}

/** `echo`, `sleep`, `exit` and `trap "exit N" TERM`, separated by semicolons. */
function ofScript(script: string): Behaviour | undefined {
  const output: { line: string; after: number; stream: Stream }[] = [];
  let runsFor = 0;
  let exitCode = 0;
  let onTerm: Behaviour['onTerm'] = 'ignore';
  for (const part of script.split(/;|&(?!\d)/).map((text) => text.trim())) {
    const [, word, rest = ''] = /^(\w+)\s*(.*)$/.exec(part) ?? [];
    if (word === 'echo') {
      const line = rest.replace(/\s*>&2$/, '');
      output.push({ line, after: runsFor, stream: line === rest ? 'stdout' : 'stderr' });
    } else if (word === 'sleep') runsFor += Number(rest) * 1000;
    else if (word === 'exit') exitCode = Number(rest);
    else if (word === 'trap') onTerm = { exitCode: Number(/exit (\d+)/.exec(rest)?.[1] ?? 0) };
    else if (part !== '' && word !== 'wait') return undefined;
  }
  return { output, runsFor, exitCode, onTerm };
}

/** A run of a container, with the times of its events. */
export function newRun({ output = [], runsFor, exitCode, onTerm }: Behaviour, now: number): Run {
  const endsByItself = runsFor !== undefined || exitCode !== undefined;
  return {
    startedAt: now,
    endsAt: endsByItself ? now + (runsFor ?? 0) : null,
    exitCode: exitCode ?? 0,
    onTerm: onTerm ?? { exitCode: 143 },
    isTermed: false,
    lines: output.map((line) =>
      typeof line === 'string'
        ? { at: now, stream: 'stdout', line }
        : { at: now + (line.after ?? 0), stream: line.stream ?? 'stdout', line: line.line },
    ),
  };
}
