/** Pages of the documentation that are generated from code. */
package dev.entrepot.docs;
