import {
  Listr,
  ListrDefaultRendererLogLevels as Level,
  ListrLogger,
  ListrTaskState,
  ProcessOutput,
  type ListrDefaultRendererOptions,
  type ListrTask,
  type ListrTaskWrapper,
} from 'listr2';
import type { ApplyEvent } from '../../apply/events.ts';
import { plainPaint, type Paint, type Tone } from '../../base/paint.ts';
import { cutEnd } from '../terminal/display-width.ts';
import { fittedRenderer, type FittedRenderer } from './tty-renderer.ts';
import { heightOf, widthOf } from '../terminal/terminal-size.ts';
import type { Plan } from '../../plan/plan.ts';
import { groupsOf, nextRow, OUTPUT_LINES, rowOutput, rowTitle, type Group, type Row } from './board.ts';
import type { Progress, ProgressContext, ProgressTerminal } from './types.ts';

/** How often the times and the last lines of output are brought up to date, in milliseconds. */
const REFRESH = 100;
/** Columns beside a row, and beside a line of its output: indentation, sign, and one to spare. */
const ROW_MARGIN = 5;
const OUTPUT_MARGIN = 7;
const HEADING_MARGIN = 3;

/**
 * Progress as a list that is drawn anew all the time. Each step is a task of listr2 that does nothing but wait
 * for the event that ends it: what is run, and when, is decided elsewhere, and so are signals.
 */
export function ttyProgress(context: ProgressContext): Progress {
  let board: Board | undefined;
  return {
    kind: 'tty',
    emit: (event) => {
      if (event.kind === 'plan-started') board = drawBoard(event.plan, context);
      else board?.take(event);
    },
    close: async () => {
      await board?.close();
    },
  };
}

/** A heading, which has no state of its own. */
interface Heading {
  readonly title: string;
  readonly task: Task;
}

interface Board {
  readonly take: (event: ApplyEvent) => void;
  readonly close: () => Promise<void>;
}

/** A row and the task that draws it, which is there once listr2 has begun. */
interface Line {
  row: Row;
  task?: Task;
  shown?: string;
  readonly end: Promise<void>;
  readonly finish: () => void;
}

type Renderer = FittedRenderer;
type Task = ListrTaskWrapper<unknown, Renderer, Renderer>;
/** Ties the row of a step to the task that draws it. */
interface Begin {
  readonly begin: (id: string, task: Task) => Line | undefined;
  readonly beginGroup: (heading: Heading) => void;
}

function drawBoard(plan: Plan, { terminal, paint, clock }: ProgressContext): Board | undefined {
  const groups = groupsOf(plan);
  if (groups.length === 0) return undefined;
  const headings: Heading[] = [];
  const lines = new Map(groups.flatMap(({ rows }) => rows.map((row) => [row.step.id, newLine(row)])));
  const draw = (line: Line) => {
    drawLine(line, clock.now(), outputHeight(terminal, groups), widthOf(terminal), paint);
  };
  const begin = (id: string, task: Task) => {
    const line = lines.get(id);
    if (line === undefined) return undefined;
    line.task = task;
    draw(line);
    showState(line);
    return line;
  };
  const beginGroup = (heading: Heading) => {
    headings.push(heading);
    drawHeading(heading, widthOf(terminal));
  };
  const drawing = listr(groups, { begin, beginGroup }, terminal, rendererLooks(terminal, paint)).run();
  const closed = new AbortController();
  const refreshing = (async () => {
    while (!closed.signal.aborted) {
      for (const line of lines.values()) draw(line);
      for (const heading of headings) drawHeading(heading, widthOf(terminal));
      await clock.sleep(REFRESH, closed.signal);
    }
  })();
  return {
    take: (event) => {
      for (const line of 'step' in event ? [lines.get(event.step.id)] : lines.values()) {
        if (line === undefined) continue;
        line.row = nextRow(line.row, event, clock.now());
        if (event.kind === 'step-output') continue;
        draw(line);
        // A task that has come to its end would be taken for running again.
        if ('step' in event) showState(line);
      }
    },
    close: async () => {
      // Whatever has not come to its end by now never will.
      for (const line of lines.values()) line.finish();
      await drawing;
      closed.abort();
      await refreshing;
    },
  };
}

function newLine(row: Row): Line {
  let finish: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { row, end, finish };
}

function listr(
  groups: readonly Group[],
  begin: Begin,
  terminal: ProgressTerminal,
  rendererOptions: ListrDefaultRendererOptions,
): Listr<unknown, Renderer, Renderer> {
  return new Listr<unknown, Renderer, Renderer>(
    groups.map((group) => groupTask(group, begin, widthOf(terminal))),
    {
      concurrent: true,
      exitOnError: false,
      // Ctrl-C is the command line's to handle: listr2 would end the process.
      registerSignalListeners: false,
      renderer: fittedRenderer(terminal),
      rendererOptions,
    },
  );
}

function groupTask(
  { title, rows }: Group,
  { begin, beginGroup }: Begin,
  columns: number,
): ListrTask<unknown, Renderer, Renderer> {
  return {
    title: cutEnd(title, columns - HEADING_MARGIN),
    task: (_context, group) => {
      beginGroup({ title, task: group });
      return group.newListr(
        rows.map((row) => ({
          title: rowTitle(row, 0, columns - ROW_MARGIN, plainPaint),
          task: async (_subContext, task): Promise<void> => {
            const line = begin(row.step.id, task);
            await line?.end;
            const kind = line?.row.state.kind;
            if (kind === 'failed') throw new Error(row.name);
            if (kind === 'running' || kind === 'retrying') task.skip();
          },
        })),
        { concurrent: true, exitOnError: false },
      );
    },
  };
}

/** Makes the task look like what its row is. listr2 itself takes all tasks that it has begun for running. */
function showState({ row, task, finish }: Line): void {
  if (task === undefined) return;
  switch (row.state.kind) {
    case 'waiting':
      task.task.state$ = ListrTaskState.WAITING;
      return;
    case 'running':
    case 'retrying':
      task.task.state$ = ListrTaskState.STARTED;
      return;
    case 'skipped':
      task.skip();
      finish();
      return;
    case 'done':
    case 'failed':
      task.task.state$ = ListrTaskState.STARTED;
      finish();
      return;
  }
}

function drawLine(line: Line, now: number, height: number, columns: number, paint: Paint): void {
  const { row, task } = line;
  if (task === undefined) return;
  const title = rowTitle(row, now, columns - ROW_MARGIN, paint);
  if (title !== task.title) task.title = title;
  const output = rowOutput(row, height, columns - OUTPUT_MARGIN).join('\n');
  if (output !== (line.shown ?? '')) task.output = output;
  line.shown = output;
}

function drawHeading({ title, task }: Heading, columns: number): void {
  const text = cutEnd(title, columns - HEADING_MARGIN);
  if (text !== task.title) task.title = text;
}

/** Lines of output that have room below each row, so that the rows themselves stay on the screen. */
function outputHeight(terminal: ProgressTerminal, groups: readonly Group[]): number {
  const taken = groups.reduce((sum, group) => sum + 1 + group.rows.length, 0);
  return Math.max(1, Math.min(OUTPUT_LINES, heightOf(terminal) - taken - 2));
}

function rendererLooks(terminal: ProgressTerminal, paint: Paint): ListrDefaultRendererOptions {
  const look = (tone: Tone) => (text?: string) => paint(tone, text ?? '');
  return {
    logger: new ListrLogger({ processOutput: outputTo(terminal) }),
    collapseSubtasks: false,
    collapseErrors: false,
    showErrorMessage: false,
    color: {
      [Level.PENDING]: look('changed'),
      [Level.WAITING]: look('faint'),
      [Level.OUTPUT]: look('faint'),
      [Level.COMPLETED]: look('added'),
      [Level.COMPLETED_WITH_FAILED_SUBTASKS]: look('error'),
      [Level.FAILED]: look('error'),
      [Level.FAILED_WITH_FAILED_SUBTASKS]: look('error'),
      [Level.SKIPPED_WITH_COLLAPSE]: look('faint'),
    },
  };
}

/**
 * listr2 takes the `write` of its streams away from everyone else while it draws, and remembers the size that
 * they had at first. It gets streams of its own to take, and one that always tells the size of the moment.
 */
function outputTo(terminal: ProgressTerminal): ProcessOutput {
  const output = new ProcessOutput(streamTo(terminal), streamTo(terminal));
  Object.defineProperty(output, 'stdout', { value: streamTo(terminal) });
  return output;
}

function streamTo(terminal: ProgressTerminal): NodeJS.WriteStream {
  const stream = {
    isTTY: true,
    get columns() {
      return widthOf(terminal);
    },
    get rows() {
      return heightOf(terminal);
    },
    write: (text: string) => {
      terminal.write(text);
      return true;
    },
  };
  // All that listr2 and log-update use of a stream.
  return stream as unknown as NodeJS.WriteStream;
}
