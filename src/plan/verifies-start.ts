import type { Plan } from './plan.ts';

/** Whether a plan verifies that all containers it starts are running. */
export function verifiesWhatItStarts({ steps }: Plan): boolean {
  const seen = new Set(
    steps.flatMap(({ operation }) =>
      operation.kind === 'verify-running' ? [`${operation.pod}/${operation.container}`] : [],
    ),
  );
  return steps.every(({ operation }) => {
    switch (operation.kind) {
      case 'start-container':
        return seen.has(`${operation.pod}/${operation.container}`);
      case 'run-container':
      case 'start-infra':
      case 'unpause-container':
        return false;
      default:
        return true;
    }
  });
}
