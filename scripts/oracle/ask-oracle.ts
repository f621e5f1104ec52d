import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** One error of the server. */
export interface Reason {
  readonly field: string;
  readonly type: string;
  readonly detail: string;
}

/** What the server says to all objects of one manifest together. `unknown`: it has a kind that the oracle does not know. */
export interface Answer {
  readonly verdict: 'accept' | 'reject' | 'unknown';
  readonly reasons: readonly Reason[];
  readonly warnings: readonly string[];
}

/** Asks the oracle for each manifest. Throws where the program cannot be run or fails. */
export async function askOracle(binary: string, texts: readonly string[]): Promise<readonly Answer[]> {
  const answers: Answer[] = texts.map(() => ({ verdict: 'accept', reasons: [], warnings: [] }));
  const child = spawn(binary, ['-jsonl'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  child.stdin.on('error', () => undefined);
  void feed(child.stdin, texts);
  for await (const line of createInterface({ input: child.stdout })) {
    const { file, ...part } = decodeLine(line);
    const before = answers[file];
    if (before !== undefined) answers[file] = combine(before, part);
  }
  // A program that has failed does not read on.
  const [code] = (await ended) as readonly unknown[];
  if (code !== 0) throw new Error(`${binary} failed with exit code ${String(code)}`);
  return answers;
}

async function feed(input: NodeJS.WritableStream, texts: readonly string[]): Promise<void> {
  for (const [index, yaml] of texts.entries())
    if (!input.write(`${JSON.stringify({ id: String(index), yaml })}\n`)) await once(input, 'drain');
  input.end();
}

function combine(a: Answer, b: Answer): Answer {
  const verdicts = [a.verdict, b.verdict];
  return {
    verdict: verdicts.includes('reject') ? 'reject' : verdicts.includes('unknown') ? 'unknown' : 'accept',
    reasons: [...a.reasons, ...b.reasons],
    warnings: [...a.warnings, ...b.warnings],
  };
}

/** A line of the program's output; its form is told in main.go. */
interface Line {
  readonly file: string;
  readonly verdict: Answer['verdict'];
  readonly errors?: readonly Reason[];
  readonly warnings?: readonly string[];
}

function decodeLine(text: string): Answer & { readonly file: number } {
  const { file, verdict, errors = [], warnings = [] } = JSON.parse(text) as Line;
  return { file: Number(file), verdict, reasons: errors, warnings };
}
