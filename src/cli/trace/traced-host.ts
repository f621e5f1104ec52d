import type { ApplyEvent, Outcome } from '../../apply/events.ts';
import type { ApplyView, Host } from '../../engine/engine.ts';
import type { OpenSpan, TraceRecorder } from '../../platform/trace.ts';

/** A host whose plans and steps are spans. What a step sends and runs belongs to its span. */
export function tracedHost(host: Host, recorder: TraceRecorder): Host {
  return { ...host, openApplyView: async () => tracedView(await host.openApplyView(), recorder) };
}

function tracedView(view: ApplyView, recorder: TraceRecorder): ApplyView {
  const trace = planTracer(recorder);
  return {
    ...view,
    emit: (event) => {
      trace(event);
      view.emit(event);
    },
  };
}

/** Receives the events of one plan. */
export function planTracer(recorder: TraceRecorder): (event: ApplyEvent) => void {
  const steps = new Map<string, OpenSpan>();
  let plan: OpenSpan | undefined;
  const endStep = (id: string, outcome: string) => {
    steps.get(id)?.end({ outcome });
    steps.delete(id);
    recorder.enter(undefined);
  };
  return (event) => {
    switch (event.kind) {
      case 'plan-started':
        plan = recorder.begin('apply', 'phase', { steps: event.plan.steps.length });
        return;
      case 'step-started': {
        const { id, cause, operation } = event.step;
        recorder.enter(undefined);
        const span =
          steps.get(id) ??
          recorder.begin(id, 'step', {
            operation: operation.kind,
            ...(cause === undefined ? {} : { cause }),
          });
        steps.set(id, span);
        recorder.enter(span);
        return;
      }
      case 'step-succeeded':
        endStep(event.step.id, 'succeeded');
        return;
      case 'step-failed':
        endStep(event.step.id, `failed: ${event.failure.kind}`);
        return;
      case 'plan-finished':
        recorder.enter(undefined);
        plan?.end(countsOf(event.outcome));
        return;
      case 'step-output':
      case 'step-waiting':
      case 'step-skipped':
      case 'stopping':
        return;
    }
  };
}

function countsOf({ status, succeeded, failed, skipped }: Outcome) {
  return { status, succeeded: succeeded.length, failed: failed.length, skipped: skipped.length };
}
