import { describe, expect, test } from 'vitest';
import { renderSummary } from '../src/index.ts';
import { rig } from './rig.ts';

describe('the summary', () => {
  test('of a deployment', async () => {
    const { ecs, clock, run } = rig();
    clock.at(20_000, () => Object.assign(ecs.ours ?? {}, { runningCount: 1, pendingCount: 1 }));
    clock.at(47_000, () => ecs.completes());
    expect(
      renderSummary(await run(), new Map([['Service', 'https://console.example/web']])),
    ).toMatchInlineSnapshot(`
      "### ✅ web: deployed

      ECS service web runs web:2 (2 of 2 tasks running) after 48s.

      | | |
      | --- | --- |
      | Cluster | <code>shop</code> |
      | Task definition | <code>web:2 (new)</code> |
      | Before | <code>web:1</code> |
      | Tasks | <code>2 of 2 running</code> |
      | Took | <code>48s</code> |

      **What changed**

      - <code>app.image: app:1 → app:2</code>

      **When**

      - after 0s: registered
      - after 0s: service updated
      - after 21s: first task running
      - after 48s: steady

      [Service](https://console.example/web)
      "
    `);
  });

  test('of a crash at start', async () => {
    const { ecs, clock, logs, run } = rig();
    for (const [index, at] of [10_000, 20_000, 30_000].entries())
      clock.at(at, () => ecs.stops(`task${index}`));
    clock.at(25_000, () => ecs.event('(service web) is unable to consistently start tasks successfully.'));
    logs.set('web/app/task2', [
      'Traceback (most recent call last):',
      '  File "app.py", line 1',
      'KeyError: DB_HOST',
    ]);
    expect(renderSummary(await run())).toMatchInlineSnapshot(`
      "### ❌ web: failed

      ECS service web failed to deploy web:2: 3 of 5 tasks stopped. Container app exited with 1: "KeyError: DB&#95;HOST" (last 3 log lines in the summary). The service has no circuit breaker, so ECS keeps starting new tasks. web:1 keeps serving with 2 tasks.

      | | |
      | --- | --- |
      | Cluster | <code>shop</code> |
      | Task definition | <code>web:2 (new)</code> |
      | Before | <code>web:1</code> |
      | Tasks | <code>2 of 2 running</code> |
      | Took | <code>30s</code> |

      **What changed**

      - <code>app.image: app:1 → app:2</code>

      **When**

      - after 0s: registered
      - after 0s: service updated

      **3 of 5 tasks stopped**

      | Tasks | Container | Exit code | Stop code | Reason |
      | ---: | --- | --- | --- | --- |
      | 3 | app | 1 | EssentialContainerExited | Essential container in task exited |

      **Last 3 lines of app (task task2)**

      \`\`\`text
      Traceback (most recent call last):
        File "app.py", line 1
      KeyError: DB_HOST
      \`\`\`

      **Service events**

      - (service web) is unable to consistently start tasks successfully.
      "
    `);
  });

  test('shows the cause first and cannot be broken out of', async () => {
    const { ecs, clock, logs, run } = rig();
    for (const [index, at] of [1_000, 2_000, 3_000].entries()) clock.at(at, () => ecs.stops(`task${index}`));
    logs.set('web/app/task2', ['```', '</details><script>', '::error::forged', 'Error: ````last']);
    const summary = renderSummary(await run(), new Map([['Service', 'https://console.example/web']]));
    expect(summary.split('\n')[0]).toBe('### ❌ web: failed');
    expect(summary).toContain('`````text\n```\n</details><script>\n::error::forged\nError: ````last\n`````');
    expect(summary.replaceAll(/`{5}text[\s\S]*?`{5}/g, '')).not.toMatch(/<script>|```/);
    expect(summary).toContain('| 3 | app | 1');
    expect(summary).toContain('[Service](https://console.example/web)');
  });
});
