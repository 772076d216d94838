export const words = {
  title: "There is no such page",
  text: "The address may be mistyped, or the page is for administrators alone.",
  home: "Go to the start",
  docs: "Read the docs",
};
