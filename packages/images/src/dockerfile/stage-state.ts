// What a build stage has come to, and what its evaluation works with.

import type { Logger } from '@hitl-actions/contract';
import type { SourceTree, StageTree, TreeEntry } from './file-tree.ts';
import type { ImageConfig } from './image-config.ts';
import type { StagePlan } from './stages.ts';

/** One step of an image: what the history says, and the files it changed (none for a mere setting). */
export interface Step {
  source: string;
  changed: ReadonlyMap<string, TreeEntry> | undefined;
}

export interface StageState {
  tree: StageTree;
  config: ImageConfig;
  /** ENV and ARG in the order of the file; the later wins. */
  variables: Map<string, string>;
  steps: Step[];
}

export interface EvaluationPorts {
  plan: StagePlan;
  context: SourceTree;
  buildArgs: ReadonlyMap<string, string>;
  escapeMark: string;
  whyNoEngine: string;
  log: Logger;
  /** Names of build arguments that an ARG has taken. */
  used: Set<string>;
}
