export const id = 482;
export const ids = [482];
export const modules = {

/***/ 2482:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readYaml: () => (/* binding */ S)
/* harmony export */ });
/* harmony import */ var _chunk_FTJLRPGP_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8097);
/* harmony import */ var _chunk_FN2YMJTO_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1387);
/* harmony import */ var _chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7325);
var i=(0,_chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_2__.e)((0,_chunk_FTJLRPGP_js__WEBPACK_IMPORTED_MODULE_0__.a)(),1);function S(o){let n=new i.LineCounter,e=(0,i.parseDocument)(o,{lineCounter:n,prettyErrors:!1,merge:!0}),t=e.errors[0]??e.warnings[0];if(t!==void 0)throw u(n,t.pos[0],t.message);w(e,n);let r=h(e,n);if(!(0,_chunk_FN2YMJTO_js__WEBPACK_IMPORTED_MODULE_1__.r)(r))throw u(n,0,"it holds a value that JSON cannot hold");return r}function w(o,n){(0,i.visit)(o,{Scalar(e,t){let{value:r,source:s,range:c}=t;if(typeof r!="string")if(e==="key")t.value=s??String(r);else if(r===null||typeof r=="boolean"||g(r))t.value=new _chunk_FN2YMJTO_js__WEBPACK_IMPORTED_MODULE_1__.o(r,s??"");else throw u(n,c?.[0]??0,`'${s}' is not a value that JSON can hold`)},Pair(e,t){if(!((0,i.isScalar)(t.key)||t.key===null))throw u(n,0,"a member name must be plain text")}})}function g(o){return typeof o=="number"&&Number.isFinite(o)}function h(o,n){try{return o.toJS({maxAliasCount:100})}catch(e){throw u(n,0,e instanceof Error?e.message:String(e))}}function u(o,n,e){let{line:t,col:r}=o.linePos(n);return new _chunk_FN2YMJTO_js__WEBPACK_IMPORTED_MODULE_1__.s(e,t||1,r||1)}


/***/ })

};
