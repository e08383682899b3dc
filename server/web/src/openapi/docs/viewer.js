// The viewer has its dark look behind a class: it follows the system, as the rest of the site does.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // It would send the document's address to a validator elsewhere.
  validatorUrl: null,
});

// The viewer leaves its lists without names.
const viewer = document.getElementById("viewer");
const label = () =>
  viewer.querySelectorAll("select:not([aria-label])").forEach((list) => {
    list.setAttribute("aria-label", list.id === "servers" ? "Server" : "Example");
  });
new MutationObserver(label).observe(viewer, { childList: true, subtree: true });
