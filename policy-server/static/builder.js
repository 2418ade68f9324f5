// Comfort alone: the menu is drawn as one types, entries move without a new page, and nothing is left unsaved unseen.
// Every change goes through the form's own buttons; the server answers with the same page.
(() => {
  const form = document.getElementById("policy");
  let unsaved = form.dataset.unsaved === "yes", waiting = 0, asked = 0, dragged = null;

  const ask = async (action) => {
    const number = ++asked, body = new FormData(form);
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
    const focused = document.activeElement?.id ?? "";
    form.inert = true;
    const page = await ask(action).catch(() => null);
    form.inert = false;
    if (!page) return;
    const open = new Set(Array.from(form.querySelectorAll("details[open]"), (each) => each.closest("li").dataset.entry));
    form.replaceChildren(...page.childNodes);
    for (const each of form.querySelectorAll("details")) each.open ||= open.has(each.closest("li").dataset.entry);
    unsaved = page.dataset.unsaved === "yes";
    (form.querySelector("[autofocus]") ?? document.getElementById(focused))?.focus();
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
      handle.addEventListener("dragend", () => { dragged = null; mark(null); });
      entry.querySelector("legend").prepend(handle, " ");
    }
  };
  // Which half of an entry the mouse is on.
  const half = (event, entry) => {
    const { top, height } = entry.getBoundingClientRect();
    return event.clientY < top + height / 2 ? "before" : "below";
  };
  const mark = (entry, place) => {
    for (const each of form.querySelectorAll(".entry")) {
      for (const other of ["before", "below"]) each.classList.toggle(`drop-${other}`, each === entry && other === place);
    }
  };
  // Whoever fills a setting's field in has chosen it; whoever makes another choice has emptied it, until they come back.
  const choose = ({ target }) => {
    const setting = target.closest(".setting"), field = setting?.querySelector("input[type=text]");
    if (!setting) return;
    const own = setting.querySelector("[value=on]");
    if (target === field) own.checked = true;
    else if (field && target.type === "radio" && target !== own) [field.dataset.typed, field.value] = [field.value || field.dataset.typed || "", ""];
    else if (field && target === own) field.value ||= field.dataset.typed ?? "";
  };

  form.addEventListener("input", (event) => {
    unsaved ||= !["computer", "language", "add_into"].includes(event.target.name);
    if (event.target.name === "hides_tray" && event.target.checked) form.elements.sets_tray.checked = true;
    if (event.target.name === "sets_tray" && !event.target.checked) form.elements.hides_tray.checked = false;
    choose(event);
    clearTimeout(waiting);
    if (event.target.type === "file") edit("preview");
    else waiting = setTimeout(preview, 300);
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
  form.addEventListener("dragover", (event) => {
    const target = dragged && event.target.closest(".entry");
    mark(target, target && half(event, target));
    if (target) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    const target = dragged && event.target.closest(".entry");
    if (!target) return;
    event.preventDefault();
    edit(`${half(event, target)}:${dragged}:${target.dataset.entry}`);
    dragged = null;
    mark(null);
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  prepare();
})();
