/** What a span of a trace shows. */
export type SpanKind = 'phase' | 'step' | 'request' | 'command' | 'service' | 'wait';

/** Further facts of a span, such as an exit code. */
export type Details = Readonly<Record<string, string | number | boolean>>;

/** A part of a run, with its times in milliseconds since the start of the process. */
export interface TracedSpan {
  /** In the order in which spans begin. */
  readonly id: number;
  /** The span that contains this one; absent for none. */
  readonly parent?: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: number;
  readonly end: number;
  readonly details: Details;
}

/** A span that has begun. */
export interface OpenSpan {
  readonly id: number;
  /** Ends the span. Only the first call has an effect. */
  readonly end: (details?: Details) => void;
}

/** Records the spans of a run for a trace. */
export interface TraceRecorder {
  /** Milliseconds since the start of the process. */
  readonly now: () => number;
  /** A span that is not ended lasts to the end of the process. */
  readonly begin: (name: string, kind: SpanKind, details?: Details) => OpenSpan;
  /** Adds a span that ends now. */
  readonly add: (name: string, kind: SpanKind, start: number, details?: Details) => void;
  /** From here on, spans that begin in this asynchronous execution belong to the span; undefined for no span. */
  readonly enter: (span: OpenSpan | undefined) => void;
}
