// Comfort alone: the sample is written anew as one types, and nothing is left unsaved unseen. What the button "Preview"
// brings as a page, this brings as a part of it.
(() => {
  const form = document.getElementById("template");
  let unsaved = form.dataset.unsaved === "yes", waiting = 0, asked = 0;

  const preview = async () => {
    const number = ++asked, body = new URLSearchParams(new FormData(form));
    body.set("action", "preview");
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sample");
    if (page && number === asked) document.getElementById("sample").replaceWith(document.adoptNode(page));
  };

  form.addEventListener("input", () => {
    unsaved = true;
    clearTimeout(waiting);
    waiting = setTimeout(preview, 300);
  });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
