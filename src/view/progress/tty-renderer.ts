import { DefaultRenderer, ListrDefaultRendererLogLevels as Level, type ListrTaskObject } from 'listr2';
import { fitHeight, STATES, type LineState, type ScreenLine } from './window.ts';
import type { ProgressTerminal } from './types.ts';
import { heightOf, widthOf } from '../terminal/terminal-size.ts';

const INDENTATION = '  ';
/** As listr2 has it for a row. */
const SKIPPED = '\u2193';

export type FittedRenderer = typeof DefaultRenderer;

/**
 * listr2's own picture, but for its size. It would cut lines to the width of standard output, which may be no terminal
 * at all: they come here cut to what they are drawn on. And it would show the end of what is higher than the screen.
 */
export function fittedRenderer(terminal: ProgressTerminal): FittedRenderer {
  return class FittedRenderer extends DefaultRenderer {
    static override nonTTY = true;
    /** What the next line is about: listr2 asks for its sign just before. */
    private about: Pick<ScreenLine, 'kind' | 'state'> = { kind: 'group', state: 'waiting' };

    private readonly skipped: string;

    constructor(...[tasks, options, events]: ConstructorParameters<typeof DefaultRenderer>) {
      super(tasks, options, events);
      this.skipped = options.color?.[Level.SKIPPED_WITH_COLLAPSE]?.(SKIPPED) ?? SKIPPED;
    }

    protected override style(task: Drawn, output = false): string {
      this.about = {
        kind: output ? 'output' : task.hasSubtasks() ? 'group' : 'row',
        state: lineState(task),
      };
      return !output && hasSkippedRows(task) ? this.skipped : super.style(task, output);
    }

    protected override format(message: string, icon: string, level: number): string[] {
      if (message.trim() === '') return [];
      return message.split('\n').map((line, index) => {
        const sign = index === 0 ? `${icon} ` : INDENTATION;
        return tagged(this.about, `${INDENTATION.repeat(level)}${sign}${line}`.trimEnd());
      });
    }

    /**
     * The last picture has all lines; those before have what fits on the screen, where they are drawn over.
     */
    override create(options?: Parameters<DefaultRenderer['create']>[0]): string {
      const lines = super.create(options).split('\n').map(untagged);
      const isLast = options !== undefined;
      // Behind the last line there is another, where the cursor is.
      const texts = isLast
        ? lines.map(({ text }) => text)
        : fitHeight(lines, heightOf(terminal) - 1, widthOf(terminal) - 1);
      return texts.join('\n');
    }
  };
}

type Drawn = ListrTaskObject<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** A tick says that all was done: listr2 gives one to a group also where its rows were skipped. */
function hasSkippedRows(task: Drawn): boolean {
  if (!task.hasSubtasks() || !task.isCompleted()) return false;
  return !task.subtasks.some((row) => row.hasFailed()) && !task.subtasks.every((row) => row.isCompleted());
}

function lineState(task: Drawn): LineState {
  if (task.isSkipped()) return 'skipped';
  if (task.hasFailed()) return 'failed';
  if (task.isCompleted()) return 'done';
  return task.isStarted() ? 'running' : 'waiting';
}

/** Before a line that listr2 keeps and gives back: what it is about, which cannot be seen from its text. */
function tagged({ kind, state }: Pick<ScreenLine, 'kind' | 'state'>, text: string): string {
  return `${TAG}${kind}${TAG}${state}${TAG}${text}`;
}

function untagged(line: string): ScreenLine {
  const [, kind, state, text = ''] = line.split(TAG);
  return {
    kind: KINDS.find((known) => known === kind) ?? 'row',
    state: STATES.find((known) => known === state) ?? 'running',
    text,
  };
}

const TAG = '\u0000';
const KINDS = ['group', 'row', 'output'] as const;
