export const id = 557;
export const ids = [557];
export const modules = {

/***/ 2557:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseObject: () => (/* binding */ p)
/* harmony export */ });
/* harmony import */ var _chunk_FTJLRPGP_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8097);
/* harmony import */ var _chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7325);
var s=(0,_chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_1__.e)((0,_chunk_FTJLRPGP_js__WEBPACK_IMPORTED_MODULE_0__.a)(),1),c=100;function p(r){let e=(0,s.parseDocument)(r,{schema:"core",version:"1.2",resolveKnownTags:!1,uniqueKeys:!0,logLevel:"error"}),t=[...e.errors,...e.warnings];if(t.length>0)return{problems:t.slice(0,3).map(n=>o(n.message))};try{let n=e.toJS({maxAliasCount:c});return u(n)?{value:n}:{problems:[`is ${l(n)}, not a mapping. Write a JSON object or YAML key: value lines.`]}}catch(n){return{problems:[n instanceof Error?o(n.message):String(n)]}}}function u(r){return typeof r=="object"&&r!==null&&!Array.isArray(r)}function l(r){return Array.isArray(r)?"a list":r===null?"empty":`a ${typeof r}`}function o(r){return`is not valid JSON or YAML: ${(r.split(`
`)[0]??"").replace(/:$/,"")}.`}


/***/ })

};
