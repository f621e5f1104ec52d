import type { DiagnosticCode } from '../../../base/diagnostic-code.ts';

/** One code on the page docs/diagnostics.md: what it means, an input or a situation that gives it, and what to do. In Markdown. */
export type DiagnosticRow = readonly [meaning: string, example: string, whatToDo: string];

export type DiagnosticRows = Readonly<Partial<Record<DiagnosticCode, DiagnosticRow>>>;
