export const id = 416;
export const ids = [416];
export const modules = {

/***/ 7416:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ecsPort: () => (/* reexport safe */ _chunk_MQ33ZNOY_js__WEBPACK_IMPORTED_MODULE_0__.a)
/* harmony export */ });
/* harmony import */ var _chunk_MQ33ZNOY_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7464);
/* harmony import */ var _chunk_43LKM3NR_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6696);
/* harmony import */ var _chunk_7B4ATMY7_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6877);
/* harmony import */ var _chunk_G3XXYFL2_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7519);
/* harmony import */ var _chunk_4KW52I7N_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4905);
/* harmony import */ var _chunk_3VYLCZP2_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4615);
/* harmony import */ var _chunk_URS4NWTU_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(3584);
/* harmony import */ var _chunk_KISWDI7I_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(8965);
/* harmony import */ var _chunk_OCTWT2XF_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(3943);
/* harmony import */ var _chunk_X2KETNNT_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(2366);
/* harmony import */ var _chunk_IWG5LNPS_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(2027);
/* harmony import */ var _chunk_IM3BSWBF_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(7325);



/***/ })

};
