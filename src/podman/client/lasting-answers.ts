import { succeeded } from '../../platform/process.ts';
import type { Answer, PodmanClient } from './client.ts';

/**
 * A client that asks for what lasts only once. podman answers about a network only between the starts of the containers on
 * it.
 */
export function withLastingAnswers(podman: PodmanClient): PodmanClient {
  const answers = new Map<string, Promise<Answer>>();
  return {
    ...podman,
    query: async (query, cancel) => {
      if (query.isLasting !== true) return podman.query(query, cancel);
      const key = query.args.join('\0');
      const asked = answers.get(key) ?? podman.query(query, cancel);
      answers.set(key, asked);
      const answer = await asked;
      if (!succeeded(answer)) answers.delete(key);
      return answer;
    },
  };
}
