// Comfort alone: a pasted picture joins the chosen files, and all of them are listed; articles that may help stand below what is
// typed. The form sends all of it as any other.
(() => {
  const element = (id) => document.getElementById(id);
  const files = element("files"), chosen = element("chosen"), description = element("description"), suggestions = element("suggestions");
  const list = () => chosen.replaceChildren(...Array.from(files.files, (file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    return line;
  }));
  element("paste-hint").hidden = false;
  files.addEventListener("change", list);
  document.addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files];
    if (!pasted.length || event.clipboardData.types.includes("text/plain")) return;
    const all = new DataTransfer();
    for (const file of [...files.files, ...pasted]) all.items.add(file);
    files.files = all.files;
    event.preventDefault();
    list();
  });
  list();
  if (!description || !suggestions) return;
  let pause, asked = "";
  const suggest = async () => {
    const text = description.value.trim().slice(0, 500);
    if (text.length < 5 || text === asked) return;
    asked = text;
    const answer = await fetch(suggestions.dataset.from + encodeURIComponent(text)).catch(() => null);
    const items = answer?.ok ? (await answer.json()).items : [];
    if (text !== asked) return;
    suggestions.lastElementChild.replaceChildren(...items.map(({ title, url }) => {
      const line = document.createElement("li"), link = line.appendChild(document.createElement("a"));
      link.textContent = title;
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener";
      return line;
    }));
    suggestions.hidden = !items.length;
  };
  description.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(suggest, 500);
  });
})();
