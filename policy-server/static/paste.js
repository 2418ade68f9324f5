// Comfort alone: a pasted picture joins the chosen files, and all of them are listed. The form sends them as any others.
(() => {
  const files = document.getElementById("files"), chosen = document.getElementById("chosen");
  const list = () => chosen.replaceChildren(...Array.from(files.files, (file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    return line;
  }));
  document.getElementById("paste-hint").hidden = false;
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
})();
