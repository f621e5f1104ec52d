import { DefaultRenderer, ListrDefaultRendererLogLevels as Level, type ListrTaskObject } from 'listr2';
import { fitHeight, STATES, type LineState, type ScreenLine } from './window.ts';
import type { ProgressTerminal } from './types.ts';
import { heightOf, widthOf } from '../terminal/terminal-size.ts';

const INDENTATION = '  ';
/** The symbol of listr2 for a skipped row. */
const SKIPPED = '\u2193';

export type FittedRenderer = typeof DefaultRenderer;

/**
 * The default renderer of listr2, fitted to the terminal. listr2 cuts lines to the width of standard output, which
 * may not be a terminal: here they are already cut. It also shows only the end of output that is higher than the
 * screen.
 */
export function fittedRenderer(terminal: ProgressTerminal): FittedRenderer {
  return class FittedRenderer extends DefaultRenderer {
    static override nonTTY = true;
    /** The subject of the next line: listr2 calls style() just before. */
    private subject: Pick<ScreenLine, 'kind' | 'state'> = { kind: 'group', state: 'waiting' };

    private readonly skipped: string;

    constructor(...[tasks, options, events]: ConstructorParameters<typeof DefaultRenderer>) {
      super(tasks, options, events);
      this.skipped = options.color?.[Level.SKIPPED_WITH_COLLAPSE]?.(SKIPPED) ?? SKIPPED;
    }

    protected override style(task: Drawn, output = false): string {
      this.subject = {
        kind: output ? 'output' : task.hasSubtasks() ? 'group' : 'row',
        state: lineState(task),
      };
      return !output && hasSkippedRows(task) ? this.skipped : super.style(task, output);
    }

    protected override format(message: string, icon: string, level: number): string[] {
      if (message.trim() === '') return [];
      return message.split('\n').map((line, index) => {
        const sign = index === 0 ? `${icon} ` : INDENTATION;
        return tagged(this.subject, `${INDENTATION.repeat(level)}${sign}${line}`.trimEnd());
      });
    }

    /**
     * The last frame has all lines; earlier frames have those that fit on the screen, so that they can be redrawn.
     */
    override create(options?: Parameters<DefaultRenderer['create']>[0]): string {
      const lines = super.create(options).split('\n').map(untagged);
      const isLast = options !== undefined;
      // The cursor takes one more line.
      const texts = isLast
        ? lines.map(({ text }) => text)
        : fitHeight(lines, heightOf(terminal) - 1, widthOf(terminal) - 1);
      return texts.join('\n');
    }
  };
}

type Drawn = ListrTaskObject<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** listr2 marks a group with skipped rows as completed. */
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

/** Prefixes a line with its kind and state, since listr2 keeps only text. */
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
