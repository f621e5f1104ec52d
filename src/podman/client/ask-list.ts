import { succeeded } from '../../platform/process.ts';
import type { Answer, PodmanClient, Query } from './client.ts';

/** The maximum number of attempts. Objects are rarely removed several times in a row. */
const ATTEMPTS = 5;

/**
 * podman's error when an object is removed while it lists: `could not find container 64.. pod (id af..) in state: no
 * such pod` (podman 4.3.1). The whole list then fails, even if the removed object is not podpose's.
 */
const GONE = /no such (?:pod|container|volume|image)|(?:image|layer|container) not known/;

/**
 * Queries a list, and retries if an object was removed during the query.
 * @param isAnswer whether podman's output is an answer
 */
export async function askList(
  podman: PodmanClient,
  query: Query,
  isAnswer: (answer: Answer) => boolean = succeeded,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await podman.query(query);
    if (isAnswer(answer) || attempt === ATTEMPTS || !GONE.test(answer.stderr)) return answer;
  }
}
