import type { ProcessEnd, ProcessRunner } from './process.ts';
import type { Details, OpenSpan, TraceRecorder } from './trace.ts';

/** A short name of a command, and the whole command. */
export type DescribeCommand = (
  program: string,
  args: readonly string[],
) => { readonly name: string; readonly command: string };

/** A runner whose commands are spans. */
export function tracedRunner(
  runner: ProcessRunner,
  recorder: TraceRecorder,
  describe: DescribeCommand,
): ProcessRunner {
  const begin = (program: string, args: readonly string[]) => {
    const { name, command } = describe(program, args);
    return recorder.begin(name, 'command', { command });
  };
  const started =
    (start: ProcessRunner['start']): ProcessRunner['start'] =>
    (program, args, onLine, input) => {
      const span = begin(program, args);
      const running = start(program, args, onLine, input);
      endWith(span, running.end);
      return running;
    };
  return {
    query: (program, args, cancel) => {
      const span = begin(program, args);
      const answer = runner.query(program, args, cancel);
      endWith(span, answer);
      return answer;
    },
    execute: started(runner.execute),
    start: started(runner.start),
    read: (program, args) => {
      const span = begin(program, args);
      const reading = runner.read(program, args);
      endWith(span, reading.end);
      return reading;
    },
    attach: (command) => {
      const span = begin(command.program, command.args);
      const attached = runner.attach(command);
      endWith(span, attached.end);
      return attached;
    },
  };
}

function endWith(span: OpenSpan, ending: Promise<ProcessEnd>): void {
  ending.then(
    (end) => {
      span.end(detailsOf(end));
    },
    () => {
      span.end();
    },
  );
}

function detailsOf(end: ProcessEnd): Details {
  switch (end.kind) {
    case 'exited':
      return { exitCode: end.exitCode };
    case 'signalled':
      return { signal: end.signal };
    case 'timed-out':
      return { timeLimitSeconds: end.seconds };
    case 'not-started':
      return { notStarted: end.reason };
  }
}
