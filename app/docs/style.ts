/** The style of the page, and corrections of Swagger UI's: sizes on phones, and colors that are hard to read. */
export const style = `
:root { --text: #1f2937; --link: #1d4ed8; --line: #d1d5db; --code: #f3f4f6; --canvas: #fff; }
html.dark-mode { --text: #e5e7eb; --link: #93c5fd; --line: #4b5563; --code: #2b3236; --canvas: #1c2022; }
body { margin: 0; background: var(--canvas); }
nav, header, #examples { padding: 0 1.25rem; color: var(--text); font: 0.875rem/1.5 system-ui, sans-serif; }
nav { padding-block: 0.75rem; }
:is(nav, header, #examples) a { color: var(--link); }
:is(header, #examples) :is(h1, h2) { margin: 1rem 0 0.5rem; font-size: 1.5rem; }
#examples h2 { font-size: 1.25rem; }
#examples fieldset { display: flex; gap: 1rem; margin: 0 0 0.5rem; padding: 0; border: 0; }
#examples legend { position: absolute; clip-path: inset(50%); }
#examples details { border-top: 1px solid var(--line); }
#examples summary { padding: 0.5rem 0; font-weight: 600; cursor: pointer; }
#examples p { margin: 0 0 0.5rem; }
#examples pre { margin: 0 0 1rem; padding: 0.75rem; overflow-x: auto; border-radius: 4px; background: var(--code); }
#examples:has(#sh:checked) :is(.in-ts, .in-py),
#examples:has(#ts:checked) :is(.in-sh, .in-py),
#examples:has(#py:checked) :is(.in-sh, .in-ts) { display: none; }
.swagger-ui .wrapper { padding: 0 1.25rem; box-sizing: border-box; }
/* The page's own header has this. */
.swagger-ui .information-container { display: none; }
.swagger-ui .opblock-body { overflow-x: auto; }
.swagger-ui .opblock.opblock-get .opblock-summary-method, .swagger-ui .btn.execute { background: #1d4ed8; border-color: #1d4ed8; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #047857; }
.swagger-ui .opblock.opblock-patch .opblock-summary-method { background: #0e7490; }
.swagger-ui .opblock-summary-method { color: #fff; }
.swagger-ui :is(.headers .header-col, .parameter__in, .examples-select__section-label) { color: var(--text); }
html:not(.dark-mode) .swagger-ui .btn.authorize :is(span, svg) { color: #047857; fill: #047857; }
.swagger-ui .try-out__btn.cancel { color: #b91c1c; }
html.dark-mode .swagger-ui .opblock .opblock-section-header .try-out__btn.cancel { color: #fca5a5; }
.swagger-ui .microlight span[style*="211, 99, 99"] { color: #f0a0a0 !important; }
@media (max-width: 640px) {
  .swagger-ui table.parameters, .swagger-ui table.parameters :is(tbody, tr, td) { display: block; width: auto; }
  .swagger-ui table.parameters thead { display: none; }
  .swagger-ui table.parameters :is(input, select, textarea) { width: 100%; min-width: 0; max-width: 100%; }
  nav, header, #examples, .swagger-ui .wrapper { padding-inline: 0.5rem; }
}
`;
