// podman events of containers, as far as podpose asks for them.
import { PodmanError } from './errors.ts';
import type { Container, Input, Model, Run } from './model.ts';
import { number, text, texts } from './values.ts';

export function events(model: Model, { values }: Input): number {
  const filters = texts(values, 'filter');
  const isTemplate = text(values, 'format') === '{{json .}}' && values['stream'] === false;
  const since = (number(values, 'since') ?? 0) * 1000;
  const label = filters.find((filter) => filter.startsWith('label='))?.slice('label='.length);
  if (!isTemplate || (label === undefined && !filters.includes('event=died')))
    throw new PodmanError('these events are not in the fake podman');
  const containers = Object.values(model.state.containers).filter(({ id, labels }) =>
    label === undefined
      ? filters.includes(`container=${id}`)
      : Object.entries(labels).some((pair) => pair.join('=') === label),
  );
  const happened = containers
    .flatMap((container) => eventsOf(container, model.now()))
    .filter(({ at, status }) => at >= since && (label !== undefined || status === 'died'))
    .sort((a, b) => a.at - b.at);
  for (const { at, status, container, exitCode } of happened) {
    const { id, name, labels, image } = container;
    // podman omits the exit code 0 (4.3.1).
    const ContainerExitCode = exitCode === 0 ? undefined : exitCode;
    const Time = new Date(at).toISOString();
    const event = {
      ContainerExitCode,
      ID: id,
      Image: image,
      Name: name,
      Status: status,
      Time,
      Type: 'container',
    };
    model.out(`${JSON.stringify({ ...event, Attributes: labels })}\n`);
  }
  return 0;
}

function eventsOf(container: Container, now: number) {
  const { runs, createdAt } = container;
  return [
    { at: createdAt, status: 'create', container, exitCode: 0 },
    ...runs.map(({ startedAt }) => ({ at: startedAt, status: 'start', container, exitCode: 0 })),
    ...runs
      .filter(hasEnded(now))
      .map(({ endsAt, exitCode }) => ({ at: endsAt, status: 'died', container, exitCode })),
  ];
}

const hasEnded =
  (now: number) =>
  (run: Run): run is Run & { readonly endsAt: number } =>
    run.endsAt !== null && run.endsAt <= now;
