// Comfort alone: the menu is drawn as one types, entries move without a new page, and nothing is left unsaved unseen.
// Every change goes through the form's own buttons; the server answers with the same page.
(() => {
  const form = document.getElementById("policy");
  let unsaved = form.dataset.unsaved === "yes", waiting = 0, asked = 0, dragged = null;

  const ask = async (action) => {
    const number = ++asked, body = new URLSearchParams(new FormData(form));
    body.set("action", action);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("policy");
    return answer.ok && page && number === asked ? page : null;
  };
  const preview = async () => {
    const page = await ask("preview").catch(() => null);
    if (page) document.getElementById("result").replaceWith(document.adoptNode(page.querySelector("#result")));
  };
  const edit = async (action) => {
    clearTimeout(waiting);
    form.inert = true;
    const page = await ask(action).catch(() => null);
    form.inert = false;
    if (!page) return;
    const open = new Set(Array.from(form.querySelectorAll("details[open]"), (each) => each.closest("li").dataset.entry));
    form.replaceChildren(...page.childNodes);
    for (const each of form.querySelectorAll("details")) each.open ||= open.has(each.closest("li").dataset.entry);
    unsaved = page.dataset.unsaved === "yes";
    form.querySelector("[autofocus]")?.focus();
    prepare();
  };
  const prepare = () => {
    for (const entry of form.querySelectorAll(".entry")) {
      const handle = document.createElement("span");
      handle.className = "handle";
      handle.draggable = true;
      handle.ariaHidden = "true";
      handle.textContent = "⠿";
      handle.addEventListener("dragstart", () => { dragged = entry.dataset.entry; });
      entry.querySelector("legend").prepend(handle, " ");
    }
  };

  form.addEventListener("input", (event) => {
    unsaved ||= !["computer", "language"].includes(event.target.name);
    if (event.target.name === "hides_tray" && event.target.checked) form.elements.sets_tray.checked = true;
    if (event.target.name === "sets_tray" && !event.target.checked) form.elements.hides_tray.checked = false;
    clearTimeout(waiting);
    waiting = setTimeout(preview, 300);
  });
  form.addEventListener("submit", (event) => {
    const action = event.submitter?.value ?? "preview";
    if (action === "save" || action === "preview") {
      unsaved = false;
      return;
    }
    event.preventDefault();
    edit(action);
  });
  form.addEventListener("dragover", (event) => { if (dragged && event.target.closest(".entry")) event.preventDefault(); });
  form.addEventListener("drop", (event) => {
    const target = event.target.closest(".entry");
    if (!dragged || !target) return;
    event.preventDefault();
    edit(`before:${dragged}:${target.dataset.entry}`);
    dragged = null;
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  prepare();
})();
