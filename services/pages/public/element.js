// @ts-check

/**
 * Makes an element. Attributes that are null or false are left out; true gives an empty one. Children that are
 * strings become text, so that nothing here is ever parsed as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * A link to another site: it gets neither this page's window nor its address.
 *
 * @param {string} href
 * @param {Record<string, string>} attributes
 * @param {...(Node | string | null)} children
 */
export function outsideLink(href, attributes, ...children) {
  return element('a', { ...attributes, href, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

/**
 * The element of index.html with this id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element #${id}`);
  return found;
}
