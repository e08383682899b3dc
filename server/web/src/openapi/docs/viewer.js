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
