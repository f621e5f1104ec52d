import type { PodmanService } from '../../platform/service.ts';
import type { TraceRecorder } from '../../platform/trace.ts';

/** A podman service whose requests are spans: method and path, no bodies. */
export function tracedService(service: PodmanService, recorder: TraceRecorder): PodmanService {
  return {
    ...service,
    send: async (request, cancel, onText) => {
      const { method, path } = request;
      const span = recorder.begin(nameOf(method, path), 'request', { path });
      try {
        const response = await service.send(request, cancel, onText);
        span.end({ status: response.status });
        return response;
      } catch (error) {
        span.end({ outcome: 'no response' });
        throw error;
      }
    },
    attach: async (container, mode, onLine) => {
      const span = recorder.begin(`attach ${container}`, 'request');
      try {
        const attachment = await service.attach(container, mode, onLine);
        const end = () => {
          span.end();
        };
        if (attachment === undefined) span.end({ outcome: 'refused' });
        else attachment.ended.then(end, end);
        return attachment;
      } catch (error) {
        span.end({ outcome: 'no response' });
        throw error;
      }
    },
  };
}

/** Without parameters, which are in the details. */
function nameOf(method: string, path: string): string {
  return `${method} ${path.replace(/\?.*$/s, '')}`;
}
