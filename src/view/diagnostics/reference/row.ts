import type { DiagnosticCode } from '../../../base/diagnostic-code.ts';

/**
 * One code on the page docs/diagnostics.md: its meaning, an input or situation that causes it, and what to do. In
 * Markdown.
 */
export type DiagnosticRow = readonly [meaning: string, example: string, whatToDo: string];

export type DiagnosticRows = Readonly<Partial<Record<DiagnosticCode, DiagnosticRow>>>;
