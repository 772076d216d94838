/** Which calls there are, by "METHOD /path", and what each takes and answers: those of the OpenAPI description, and
 * those of siteCalls.ts. */
import type { components, paths } from "./schema";
import type { SiteCalls } from "./siteCalls";

type Method = "get" | "post" | "put" | "delete";

/** "GET /api/zips" | … */
type DescribedName = {
  [P in keyof paths & string]: {
    [M in Method]: paths[P][M] extends { responses: unknown } ? `${Uppercase<M>} ${P}` : never;
  }[Method];
}[keyof paths & string];

type Operation<Name> = Name extends `${infer M} ${infer P}`
  ? P extends keyof paths
    ? paths[P][Lowercase<M> & Method]
    : never
  : never;

type Json<Content> = Content extends { content: { "application/json": infer Body } } ? Body : never;

type Answer<O> = O extends { responses: infer R }
  ? Json<R[keyof R & 200]> | Json<R[keyof R & 201]>
  : never;

type Part<O, Name extends "path" | "query"> = O extends { parameters: { [K in Name]?: infer Values } }
  ? Exclude<Values, undefined>
  : never;

/** The site may leave the userSecret out when it keeps credentials, as its session vouches for the account. */
type SiteBody<Name, Body> = Name extends "PUT /api/account/credentials"
  ? Omit<Body, "userSecret"> & { userSecret?: string }
  : Body;

/** Undefined is among the values of a body that may be left out. */
type Body<Name, O> = O extends { requestBody: infer B }
  ? SiteBody<Name, Json<B>>
  : O extends { requestBody?: infer B }
    ? [B] extends [undefined]
      ? never
      : Json<Exclude<B, undefined>> | undefined
    : never;

type DescribedCalls = {
  [Name in Exclude<DescribedName, keyof SiteCalls>]: {
    path: Part<Operation<Name>, "path">;
    query: Part<Operation<Name>, "query">;
    body: Body<Name, Operation<Name>>;
    answer: Answer<Operation<Name>>;
  };
};

export type Calls = DescribedCalls & SiteCalls;

/** The types of the description by their names there: Schema["Zip"]. */
export type Schema = components["schemas"];
