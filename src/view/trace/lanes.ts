import type { TracedSpan } from '../../platform/trace.ts';

/** A span with its lane. The spans of a lane nest: they are apart, or one contains the other. */
export interface PlacedSpan {
  readonly span: TracedSpan;
  /** 0 is the lane of the phases of a run. */
  readonly lane: number;
}

/** The spans of a lane that contain the last one placed on it, the innermost last. */
type Lane = TracedSpan[];

/**
 * Places spans on lanes: phases on lane 0, a span inside another one on its lane if they nest there, any other span on
 * the first free lane. Ordered by start.
 */
export function placeSpans(spans: readonly TracedSpan[]): readonly PlacedSpan[] {
  const lanes: Lane[] = [[]];
  const placed = new Map<number, number>();
  return [...spans].sort(byStart).map((span) => {
    for (const lane of lanes) while ((lane.at(-1)?.end ?? Infinity) <= span.start) lane.pop();
    const lane = laneOf(span, lanes, span.parent === undefined ? undefined : placed.get(span.parent));
    (lanes[lane] ??= []).push(span);
    placed.set(span.id, lane);
    return { span, lane };
  });
}

function laneOf(span: TracedSpan, lanes: readonly Lane[], ofParent: number | undefined): number {
  const nests = (lane: Lane) => (lane.at(-1)?.end ?? Infinity) >= span.end;
  if (span.kind === 'phase' && lanes[0] !== undefined && nests(lanes[0])) return 0;
  if (ofParent !== undefined) {
    const lane = lanes[ofParent];
    const top = lane?.at(-1);
    if (top !== undefined && top.id === span.parent && top.end >= span.end) return ofParent;
  }
  const free = lanes.findIndex((lane, index) => index > 0 && lane.length === 0);
  return free === -1 ? lanes.length : free;
}

/** A span that contains another one with the same start comes first. */
function byStart(a: TracedSpan, b: TracedSpan): number {
  return a.start - b.start || b.end - a.end || a.id - b.id;
}
