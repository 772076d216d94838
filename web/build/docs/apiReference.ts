/** The API reference, drawn from the OpenAPI description: each call with what it takes and answers, then the objects
 * that they speak of. */
import { anchorOf, escapeHtml, inlineHtml } from "./html.ts";
import { tableHtml } from "./markdown.ts";

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  description?: string;
  required?: boolean;
  schema?: Schema;
}

interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, Answer>;
}

interface Description {
  info: { description?: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components: Record<string, Record<string, unknown>> & { schemas: Record<string, Schema> };
}

const TITLE = "The native API, call by call";
const METHODS = ["get", "post", "put", "delete"];

export function apiReference(api: Description) {
  const parts = [`<h1 tabindex="-1">${TITLE}</h1>`, paragraph(api.info.description)];
  for (const { name, description } of api.tags) {
    parts.push(heading(2, sentenceCase(name)), paragraph(description));
    for (const { method, path, operation, shared } of operationsOf(api, name)) {
      parts.push(operationHtml(api, method, path, operation, shared));
    }
  }
  parts.push(heading(2, "Objects"));
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    parts.push(heading(3, name, objectAnchor(name)), paragraph(schema.description), schemaHtml(schema));
  }
  return { title: TITLE, html: parts.join("\n") };
}

function operationsOf(api: Description, tag: string) {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation?.tags?.includes(tag) ? [{ method, path, operation, shared: item.parameters ?? [] }] : [];
    }),
  );
}

function operationHtml(api: Description, method: string, path: string, operation: Operation, shared: Parameter[]) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map((parameter) => resolved(api, parameter));
  return [
    heading(3, `${method.toUpperCase()} ${path}`),
    paragraph(operation.summary && `${operation.summary}.`),
    paragraph(operation.description),
    parameters.length > 0 ? parametersHtml(parameters) : "",
    operation.requestBody ? bodyHtml(operation.requestBody.content) : "",
    answersHtml(api, operation.responses),
  ].join("\n");
}

function parametersHtml(parameters: Parameter[]): string {
  const rows = parameters.map(
    ({ name, in: place, required, schema, description }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? ", required" : ""}</td>` +
      `<td>${typeHtml(schema ?? {})}</td><td>${inlineHtml(description ?? "")}</td></tr>`,
  );
  return tableHtml("<tr><th>parameter</th><th>in</th><th>type</th><th>meaning</th></tr>", rows.join("\n"));
}

function bodyHtml(content: Record<string, { schema?: Schema }>): string {
  const [kind, body] = Object.entries(content)[0] ?? [];
  if (kind === undefined || body?.schema === undefined) {
    return "";
  }
  const { schema } = body;
  const kinds = Object.keys(content).map((each) => `<code>${escapeHtml(each)}</code>`);
  const intro = `<p>Body (${kinds.join(", ")}): ${schema.properties ? "" : typeHtml(schema)}</p>`;
  return intro + (schema.properties ? schemaHtml(schema) : "");
}

function answersHtml(api: Description, answers: Record<string, Answer>): string {
  const rows = Object.entries(answers).map(([status, reference]) => {
    const { description = "", content = {} } = resolved(api, reference);
    const schema = Object.values(content)[0]?.schema;
    return (
      `<tr><td>${status === "default" ? "others" : status}</td><td>${inlineHtml(description)}</td>` +
      `<td>${schema ? typeHtml(schema) : ""}</td></tr>`
    );
  });
  return tableHtml("<tr><th>status</th><th>when</th><th>answer</th></tr>", rows.join("\n"));
}

function schemaHtml(schema: Schema): string {
  const rows = fieldRows(schema, "");
  if (rows.length === 0) {
    return `<p>${typeHtml(schema)}</p>`;
  }
  return tableHtml("<tr><th>field</th><th>type</th><th>meaning</th></tr>", rows.join("\n"));
}

/** A row for each field, and for each field of objects inside that have no name of their own. */
function fieldRows(schema: Schema, prefix: string): string[] {
  const parts = schema.allOf ?? [schema];
  return parts.flatMap((part) =>
    Object.entries(part.properties ?? {}).flatMap(([name, field]) => {
      const path = prefix + name;
      const required = part.required?.includes(name) ? "" : "?";
      const inner = field.items?.properties ? field.items : field;
      const innerPrefix = field.items?.properties ? `${path}[].` : `${path}.`;
      return [
        `<tr><td><code>${escapeHtml(path)}${required}</code></td><td>${typeHtml(field)}</td>` +
          `<td>${inlineHtml(field.description ?? "")}</td></tr>`,
        ...fieldRows(inner, innerPrefix),
      ];
    }),
  );
}

function typeHtml(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return `<a href="#${objectAnchor(name)}">${escapeHtml(name)}</a>`;
  }
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices !== undefined) {
    return choices.map(typeHtml).join(schema.allOf ? " and " : " or ");
  }
  if (schema.items !== undefined) {
    return `list of ${typeHtml(schema.items)}`;
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(", ");
  }
  const types = [schema.type ?? "any"].flat().join(" or ");
  return escapeHtml([schema.format ? `${types} (${schema.format})` : types, ...limitsOf(schema)].join(", "));
}

function limitsOf(schema: Schema): string[] {
  const limits: [string, unknown][] = [
    ["at least", schema.minimum],
    ["at most", schema.maximum],
    ["length at least", schema.minLength],
    ["length at most", schema.maxLength],
    ["default", schema.default],
  ];
  return limits.filter(([, value]) => value !== undefined).map(([words, value]) => `${words} ${JSON.stringify(value)}`);
}

/** What a {"$ref": "#/components/…"} stands for. */
function resolved<Value extends { $ref?: string }>(api: Description, value: Value): Value {
  if (value.$ref === undefined) {
    return value;
  }
  const [, , group = "", name = ""] = value.$ref.split("/");
  return api.components[group]?.[name] as Value;
}

/** An object may be called as a group of calls is. */
function objectAnchor(name: string): string {
  return `object-${anchorOf(name)}`;
}

function heading(depth: 2 | 3, words: string, anchor = anchorOf(words)): string {
  const isCall = /^[A-Z]+ \//.test(words);
  const html = isCall ? `<code>${escapeHtml(words)}</code>` : escapeHtml(words);
  return `<h${depth} id="${anchor}">${html}</h${depth}>`;
}

function paragraph(text: string | undefined): string {
  return text ? `<p>${inlineHtml(text)}</p>` : "";
}

function sentenceCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
