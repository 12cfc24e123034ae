// npm run cases:compare -- OUT [FILE]: a row per case, then `N agree, N better, N differ`; exit 1 on a difference.
import { readFileSync } from 'node:fs';
import { caseFile, type Observation, readCases } from './cases.ts';
import { type Judgement, judge } from './judge.ts';

const USAGE = 'npm run cases:compare -- OUT [FILE]';

try {
  const [out, file] = process.argv.slice(2);
  if (out === undefined) throw new Error('OUT: name the file that npm run cases has written.');
  const { kind, observations } = JSON.parse(readFileSync(out, 'utf8')) as {
    kind: string;
    observations: Observation[];
  };
  const seen = new Map(observations.map((observation) => [observation.id, observation]));
  const counts: Record<Judgement['verdict'], number> = { agree: 0, better: 0, differ: 0 };
  for (const entry of readCases(caseFile(file), kind)) {
    const observation = seen.get(entry.id);
    const { verdict, reason }: Judgement = observation
      ? judge(entry, observation)
      : { verdict: 'differ', reason: 'was not observed' };
    counts[verdict] += 1;
    console.log(`${verdict.padEnd(6)}  ${entry.id.padEnd(12)}  ${reason}`);
  }
  console.log(`${counts.agree} agree, ${counts.better} better, ${counts.differ} differ`);
  process.exitCode = counts.differ === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
