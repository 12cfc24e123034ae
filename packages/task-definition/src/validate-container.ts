// What holds for one container by itself: its image and the places that only take an ARN or a name.
import { type Finding, type Findings, finding } from './finding.ts';
import { filledText, type JsonPath, objectsOf, textOf } from './json.ts';
import type { JsonObject } from './ports.ts';

/** What Container.image may hold (API_ContainerDefinition), and `@` before a digest. */
const IMAGE = /^[A-Za-z0-9_\-:./#@]+$/;
const LONGEST_IMAGE = 255;

export function checkContainer(container: JsonObject, path: JsonPath): Findings {
  const errors = [...checkImage(container, path), ...checkSecrets(container, path)];
  return { errors, warnings: [] };
}

function checkImage(container: JsonObject, path: JsonPath): Finding[] {
  const image = textOf(container['image']);
  const at = [...path, 'image'];
  const name = container['name'];
  if (image === undefined || image === '') {
    return [finding(at, `container '${name}' has no image.`, 'Set it by the input images or in the file.')];
  }
  if (/[$<>{}]/.test(image)) {
    const cure = 'Set it by the input image or images, or fill ${NAME} by template-variables.';
    return [finding(at, `'${image}' still holds a place that was to be filled.`, cure)];
  }
  if (!IMAGE.test(image)) {
    const cure = 'ECS takes letters, digits and _ - : . / # @ only: no blanks, no quotes.';
    return [finding(at, `'${image}' has characters that no image reference has.`, cure)];
  }
  if (image.length <= LONGEST_IMAGE) return [];
  return [
    finding(at, `is ${image.length} characters long; ECS takes ${LONGEST_IMAGE}.`, 'Shorten the name.'),
  ];
}

function checkSecrets(container: JsonObject, path: JsonPath): Finding[] {
  const errors: Finding[] = [];
  const { secrets } = container;
  for (const [index, secret] of objectsOf(secrets).entries()) {
    const at = [...path, 'secrets', index];
    const from = filledText(secret['valueFrom']);
    const name = textOf(secret['name']) ?? '';
    const cure = 'Write the ARN of a Secrets Manager secret or of an SSM parameter, or a parameter name.';
    if (from === undefined) errors.push(finding(at, `secret ${name} has no valueFrom.`, cure));
    else if (/[<>]|\$\{/.test(from)) {
      errors.push(
        finding([...at, 'valueFrom'], `'${from}' still holds a place that was to be filled.`, cure),
      );
    }
  }
  return errors;
}
