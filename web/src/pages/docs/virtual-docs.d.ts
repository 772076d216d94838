/** Made by build/docsPlugin.ts. */
declare module "virtual:docs" {
  /** The contents, in the order of docs/README.md. */
  export const contents: { title: string; entries: { path: string; title: string }[] }[];
  /** Where the index for the search is. */
  export const searchUrl: string;
}
