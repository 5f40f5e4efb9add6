/** The API described by OpenAPI 3.1, generated from the schemas that check its requests. */
import { z } from "zod";
import { ProblemSchema, ROUTES, type Route } from "../../shared/api/index.ts";

export function openApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(name, route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Dumpscope",
      version: "1",
      description: "Visual forensics of container memory. Uploads use tus 1.0 on /api/uploads.",
    },
    paths,
    components: { schemas: { Problem: z.toJSONSchema(ProblemSchema, { target: "draft-2020-12" }) } },
  };
}

function operation(name: string, route: Route): object {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const query = route.query ? jsonSchema(route.query, "input") : undefined;
  const inQuery = Object.entries(query?.properties ?? {}).map(([parameter, schema]) => ({
    name: parameter,
    in: "query",
    required: query?.required?.includes(parameter) ?? false,
    schema,
  }));
  const content =
    typeof route.answer === "string"
      ? { [route.answer]: route.line ? { schema: jsonSchema(route.line, "output") } : {} }
      : { "application/json": { schema: jsonSchema(route.answer, "output") } };
  return {
    operationId: name,
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...(route.body
      ? {
          requestBody: { required: true, content: { "application/json": { schema: jsonSchema(route.body, "input") } } },
        }
      : {}),
    responses: {
      [route.status ?? 200]: { description: route.summary, content },
      default: {
        description: "What happened, where, and what to do next",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output") {
  return z.toJSONSchema(schema, { target: "draft-2020-12", io, unrepresentable: "any" });
}
