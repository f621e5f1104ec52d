// podman events: the ends of containers, as far as podpose asks for them.
import { PodmanError } from './errors.ts';
import type { Input, Model, Run } from './model.ts';
import { number, text, texts } from './values.ts';

export function events(model: Model, { values }: Input): number {
  const filters = texts(values, 'filter');
  const isOurs = filters.includes('event=died') && text(values, 'format') === '{{json .}}';
  if (!isOurs || values['stream'] !== false) throw new PodmanError('these events are not in the fake podman');
  const since = (number(values, 'since') ?? 0) * 1000;
  const ends = Object.values(model.state.containers)
    .filter(({ id }) => filters.includes(`container=${id}`))
    .flatMap(({ id, name, runs }) => runs.filter(hasEnded(model.now())).map((run) => ({ id, name, run })))
    .filter(({ run }) => run.endsAt >= since)
    .sort((a, b) => a.run.endsAt - b.run.endsAt);
  for (const { id, name, run } of ends) {
    // podman omits the exit code 0 (4.3.1).
    const exitCode = run.exitCode === 0 ? {} : { ContainerExitCode: run.exitCode };
    const Time = new Date(run.endsAt).toISOString();
    model.out(
      `${JSON.stringify({ ...exitCode, ID: id, Name: name, Status: 'died', Time, Type: 'container' })}\n`,
    );
  }
  return 0;
}

const hasEnded =
  (now: number) =>
  (run: Run): run is Run & { readonly endsAt: number } =>
    run.endsAt !== null && run.endsAt <= now;
