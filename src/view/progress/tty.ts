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

/** Refresh interval of times and output lines, in milliseconds. */
const REFRESH_MS = 100;
/** Columns for indentation and symbol, and one spare, of a row and of an output line. */
const ROW_MARGIN = 5;
const OUTPUT_MARGIN = 7;
const HEADING_MARGIN = 3;

/**
 * Progress as a list that is redrawn continuously. Each step is a listr2 task that only waits for the event that ends
 * it: execution and signals are handled elsewhere.
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

/** A heading without a state. */
interface Heading {
  readonly title: string;
  readonly task: Task;
}

interface Board {
  readonly take: (event: ApplyEvent) => void;
  readonly close: () => Promise<void>;
}

/** A row and its task; listr2 sets the task when it starts. */
interface Line {
  row: Row;
  task?: Task;
  shown?: string;
  readonly end: Promise<void>;
  readonly finish: () => void;
}

type Renderer = FittedRenderer;
type Task = ListrTaskWrapper<unknown, Renderer, Renderer>;
/** Connects rows and headings with their tasks. */
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
  const drawing = listr(groups, { begin, beginGroup }, terminal, rendererOptionsFor(terminal, paint)).run();
  const closed = new AbortController();
  const refreshing = (async () => {
    while (!closed.signal.aborted) {
      for (const line of lines.values()) draw(line);
      for (const heading of headings) drawHeading(heading, widthOf(terminal));
      await clock.sleep(REFRESH_MS, closed.signal);
    }
  })();
  return {
    take: (event) => {
      for (const line of 'step' in event ? [lines.get(event.step.id)] : lines.values()) {
        if (line === undefined) continue;
        line.row = nextRow(line.row, event, clock.now());
        if (event.kind === 'step-output') continue;
        draw(line);
        // Only for events of a step: otherwise finished tasks would be shown as running again.
        if ('step' in event) showState(line);
      }
    },
    close: async () => {
      // All remaining tasks end here.
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
      // The command line handles Ctrl-C; listr2 would end the process.
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

/** Sets the state of the task to that of its row. listr2 itself treats every started task as running. */
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

/** The number of output lines per row, so that all rows stay on the screen. */
function outputHeight(terminal: ProgressTerminal, groups: readonly Group[]): number {
  const taken = groups.reduce((sum, group) => sum + 1 + group.rows.length, 0);
  return Math.max(1, Math.min(OUTPUT_LINES, heightOf(terminal) - taken - 2));
}

function rendererOptionsFor(terminal: ProgressTerminal, paint: Paint): ListrDefaultRendererOptions {
  const painted = (tone: Tone) => (text?: string) => paint(tone, text ?? '');
  return {
    logger: new ListrLogger({ processOutput: outputTo(terminal) }),
    collapseSubtasks: false,
    collapseErrors: false,
    showErrorMessage: false,
    color: {
      [Level.PENDING]: painted('changed'),
      [Level.WAITING]: painted('faint'),
      [Level.OUTPUT]: painted('faint'),
      [Level.COMPLETED]: painted('added'),
      [Level.COMPLETED_WITH_FAILED_SUBTASKS]: painted('error'),
      [Level.FAILED]: painted('error'),
      [Level.FAILED_WITH_FAILED_SUBTASKS]: painted('error'),
      [Level.SKIPPED_WITH_COLLAPSE]: painted('faint'),
    },
  };
}

/**
 * listr2 replaces `write` of its streams while it draws and caches their size. It therefore gets its own streams, and
 * one that always reports the current size.
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
  // The members that listr2 and log-update use.
  return stream as unknown as NodeJS.WriteStream;
}
