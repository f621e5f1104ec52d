import { shellWord } from '../base/shell-word.ts';

/** What a file is, and the command that makes a manifest of it. */
export interface Words {
  readonly message: string;
  readonly help: string;
}

/** The names of a kustomization file, in the order in which kustomize looks for it. */
export const KUSTOMIZATION_NAMES: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

export function kustomizationWords(directory: string): Words {
  return {
    message: 'this is a kustomization, not a Kubernetes manifest',
    help: `Build and run it with -k: podpose up -k ${shellWord(directory)}`,
  };
}

export function chartWords(directory: string): Words {
  return {
    message: 'this is a Helm chart, not a Kubernetes manifest',
    help: `Render it first: ${chartCommand(directory)}`,
  };
}

/** The command that renders a Helm chart and runs it. */
export function chartCommand(directory: string): string {
  return `helm template ${shellWord(directory)} | podpose up -`;
}
